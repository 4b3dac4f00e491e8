import Blog
import Foundation
import HTTPTypes

/// Which part of the list is looked at.
struct ListChoice: Sendable {
    enum Show: String, CaseIterable, Sendable {
        case active, choice, done, failed

        var name: String {
            switch self {
            case .active: "In progress"
            case .choice: "Your choice"
            case .done: "Finished"
            case .failed: "Failed"
            }
        }

        var statuses: [GenerationStatus] {
            switch self {
            case .active: [.pending, .generatingIdeas, .generatingContent, .generatingImage, .publishing]
            case .choice: [.awaitingSelection, .awaitingReview]
            case .done: [.done]
            case .failed: [.failed, .cancelled]
            }
        }
    }

    let show: Show?
    let site: String?
    let filter: GenerationFilter

    init(_ call: Call) throws {
        show = call.query("show").flatMap(Show.init)
        site = call.query("site")
        var filter = GenerationFilter()
        filter.statuses = show?.statuses ?? []
        filter.cursor = call.query("cursor")
        filter.limit = 50
        self.filter = filter
    }

    func scope(among sites: [Site]) throws -> Scope {
        guard let site else { return .allSites }
        guard let known = sites.first(where: { $0.instanceID == site }) else {
            throw Problem(
                .notFound, code: "site.not_found", detail: "There is no such site.", hint: "Choose one from the list.")
        }
        return .site(known)
    }

    func url(show: Show?, cursor: String? = nil) -> String {
        let parts = [("show", show?.rawValue), ("site", site), ("cursor", cursor)].compactMap { name, value in
            value.flatMap { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) }.map { "\(name)=\($0)" }
        }
        return parts.isEmpty ? "/" : "/?" + parts.joined(separator: "&")
    }
}
