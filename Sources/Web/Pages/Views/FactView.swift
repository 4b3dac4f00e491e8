import Blog
import Foundation
import ProductKit

/// One line of what was asked for or spent.
struct FactView: Sendable {
    let name: String
    let value: String

    static func all(of detail: GenerationDetail) -> [FactView] {
        let request = detail.request
        var facts = [
            FactView(name: request.sourceType == .keyword ? "Keyword" : "Product", value: request.sourceId),
            FactView(name: "Site", value: detail.summary.site),
        ]
        func add(_ name: String, _ value: String?) { value.map { facts.append(FactView(name: name, value: $0)) } }
        add("Tone", request.tone)
        add("Language", request.language)
        add("Words", request.words.map(String.init))
        add("Audience", request.audience)
        add("Keywords", request.keywords?.joined(separator: ", "))
        add("Avoid", request.avoid?.joined(separator: ", "))
        add("Picture", request.image?.rawValue)
        add("Then", request.publishMode?.rawValue)
        add("Scheduled for", detail.summary.scheduledFor?.description)
        let tokens = detail.cost.inputTokens + detail.cost.outputTokens
        if tokens > 0 { facts.append(FactView(name: "Tokens", value: "\(tokens)")) }
        if detail.cost.microdollars > 0 {
            let dollars = Double(detail.cost.microdollars) / 1_000_000
            facts.append(FactView(name: "Cost", value: String(format: "$%.4f", dollars)))
        }
        return facts
    }
}
