import Foundation
import ProductKit
import Providers

extension GenerationRequest {
    /// Bounds of what a caller may send, in characters unless they say otherwise.
    enum Limit {
        static let source = 1...200
        static let title = 3...200
        static let phrase = 1...200
        static let tone = 1...80
        static let words = 300...3_000
        static let listCount = 0...20
        static let listItem = 1...80
        /// How far ahead a post may be scheduled.
        static let scheduleDaysMax = 366
    }

    /// Reads a request from a body and reports every field that is wrong at once.
    ///
    /// - Parameter now: judges whether `publishAt` lies ahead.
    /// - Throws: `request.malformed` for what is no JSON object; `validation.failed` with its problems.
    package static func read(_ body: some Sequence<UInt8>, now: Date) throws(BlogError) -> GenerationRequest {
        var reader = try FieldReader(body: body)
        let request = GenerationRequest(from: &reader, now: now)
        reader.finish()
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        return request
    }

    private init(from reader: inout FieldReader, now: Date) {
        let type = reader.choice("sourceType", SourceType.self)
        let source = reader.text("sourceId", length: Limit.source)
        for field in ["sourceType", "sourceId"] where !reader.mentions(field) { reader.complain(field, "is missing") }
        self.init(sourceType: type ?? .keyword, sourceId: source ?? "")
        selectedIdea = Self.idea(from: &reader)
        autoSelect = reader.boolean("autoSelect")
        tone = reader.text("tone", length: Limit.tone)
        language = Self.language(from: &reader)
        words = reader.integer("words", in: Limit.words)
        audience = reader.text("audience", length: Limit.phrase)
        keywords = reader.list("keywords", count: Limit.listCount, length: Limit.listItem)
        avoid = reader.list("avoid", count: Limit.listCount, length: Limit.listItem)
        image = reader.choice("image", ImageMode.self)
        publishMode = reader.choice("publishMode", PublishMode.self)
        timeZone = Self.timeZone(from: &reader)
        publishAt = Self.publishAt(from: &reader, zone: timeZone)
        reviewRequired = reader.boolean("reviewRequired")
        reader.absorb(contradictions(now: now, timeIsUnreadable: reader.mentions("publishAt") && publishAt == nil))
    }

    /// A title alone, or an object.
    private static func idea(from reader: inout FieldReader) -> Idea? {
        guard let value = reader.member("selectedIdea") else { return nil }
        if value.string != nil { return reader.text("selectedIdea", length: Limit.title).map { Idea(title: $0) } }
        guard let members = value.object else {
            reader.complain("selectedIdea", "must be a title or an object with a title")
            return nil
        }
        var inner = FieldReader(members, prefix: "selectedIdea.")
        let title = inner.text("title", length: Limit.title)
        if !inner.mentions("title") { inner.complain("title", "is missing") }
        let idea = Idea(
            title: title ?? "", why: inner.text("why", length: 0...500) ?? "",
            audience: inner.text("audience", length: 0...200) ?? "", format: inner.text("format", length: 0...80) ?? "",
            keywords: inner.list("keywords", count: Limit.listCount, length: Limit.listItem) ?? [])
        inner.finish()
        reader.absorb(inner.problems)
        return inner.problems.isEmpty ? idea : nil
    }

    static func language(from reader: inout FieldReader) -> String? {
        guard let text = reader.text("language", length: 2...35) else { return nil }
        if LanguageTag.isWellFormed(text) { return text }
        reader.complain("language", "must be a language tag such as en, de or pt-BR")
        return nil
    }

    static func timeZone(from reader: inout FieldReader) -> String? {
        guard let name = reader.text("timeZone", length: 1...64) else { return nil }
        if ZonedTime.zone(named: name) != nil { return name }
        reader.complain("timeZone", "must be the name of a time zone, such as Europe/Lisbon")
        return nil
    }

    private static func publishAt(from reader: inout FieldReader, zone: String?) -> Timestamp? {
        guard let text = reader.text("publishAt", length: 1...40) else { return nil }
        switch ZonedTime.read(text, zone: zone) {
        case .instant(let instant): return instant
        case .needsZone:
            reader.complain("publishAt", "has no offset; add one (2027-01-31T09:00:00+01:00) or give timeZone")
        case .unreadable:
            reader.complain(
                "publishAt", "must be a time such as 2027-01-31T09:00:00Z, or 2027-01-31T09:00 with timeZone")
        case .skipped:
            reader.complain("publishAt", "does not exist in this time zone: the clocks are put forward over it")
        }
        return nil
    }
}

/// The form of a language tag (BCP 47); whether the language exists is the model's to know.
enum LanguageTag {
    static func isWellFormed(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.count), first.allSatisfy({ $0.isASCII && $0.isLetter })
        else {
            return false
        }
        return parts.dropFirst().allSatisfy { part in
            (2...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }
}
