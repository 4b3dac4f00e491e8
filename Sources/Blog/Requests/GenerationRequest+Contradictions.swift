import Foundation
import ProductKit

extension GenerationRequest {
    /// What is wrong with a request that was made by hand rather than read; empty when it may be submitted.
    package func problems(now: Date) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        func check(_ field: String, _ text: String?, _ length: ClosedRange<Int>) {
            guard let text, case .wrong(let complaint) = TextRules.check(text, length: length) else { return }
            problems.append(FieldProblem(field, complaint))
        }
        func check(_ field: String, _ items: [String]?) {
            guard let items else { return }
            if !Limit.listCount.contains(items.count) {
                problems.append(
                    FieldProblem(field, "has \(items.count) items; at most \(Limit.listCount.upperBound) are allowed"))
            }
            for (index, item) in items.prefix(20).enumerated() { check("\(field)[\(index)]", item, Limit.listItem) }
        }
        check("sourceId", sourceId, Limit.source)
        check("selectedIdea.title", selectedIdea?.title, Limit.title)
        check("selectedIdea.why", selectedIdea?.why, 0...500)
        check("selectedIdea.audience", selectedIdea?.audience, 0...200)
        check("selectedIdea.format", selectedIdea?.format, 0...80)
        check("selectedIdea.keywords", selectedIdea?.keywords)
        check("tone", tone, Limit.tone)
        if let language, !LanguageTag.isWellFormed(language) {
            problems.append(FieldProblem("language", "must be a language tag such as en, de or pt-BR"))
        }
        if let words, !Limit.words.contains(words) {
            problems.append(
                FieldProblem("words", "must be from \(Limit.words.lowerBound) to \(Limit.words.upperBound)"))
        }
        check("audience", audience, Limit.phrase)
        check("keywords", keywords)
        check("avoid", avoid)
        if let timeZone, ZonedTime.zone(named: timeZone) == nil {
            problems.append(FieldProblem("timeZone", "must be the name of a time zone, such as Europe/Lisbon"))
        }
        return problems + contradictions(now: now)
    }

    /// Fields that are fine one by one and wrong together.
    func contradictions(now: Date, timeIsUnreadable: Bool = false) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if publishMode == .schedule, publishAt == nil, !timeIsUnreadable {
            problems.append(FieldProblem("publishAt", "is missing; publishMode schedule needs it"))
        }
        if let publishAt { problems += complaints(of: publishAt, now: now) }
        if image == .product, sourceType == .keyword {
            problems.append(FieldProblem("image", "can be product only when sourceType is product"))
        }
        if reviewRequired == true {
            problems.append(
                FieldProblem(
                    "reviewRequired",
                    "cannot be true yet; with publishMode draft nothing goes live before you publish it"))
        }
        return problems
    }

    private func complaints(of publishAt: Timestamp, now: Date) -> [FieldProblem] {
        guard publishMode == .schedule else {
            return [FieldProblem("publishAt", "is only for publishMode schedule")]
        }
        if publishAt.date <= now { return [FieldProblem("publishAt", "lies in the past")] }
        let latest = now.addingTimeInterval(Double(Limit.scheduleDaysMax) * 86_400)
        return publishAt.date > latest
            ? [FieldProblem("publishAt", "lies more than \(Limit.scheduleDaysMax) days ahead")] : []
    }
}
