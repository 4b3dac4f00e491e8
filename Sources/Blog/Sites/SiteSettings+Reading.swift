import Foundation
import ProductKit

extension SiteSettings {
    /// Reads a change to settings; fields that are absent keep the value of `present`.
    ///
    /// - Throws: `request.malformed`; `validation.failed` with every problem.
    package static func read(_ body: some Sequence<UInt8>, over present: SiteSettings) throws(BlogError) -> SiteSettings
    {
        var reader = try FieldReader(body: body)
        var settings = present
        settings.about = reader.text("about", length: 1...400) ?? settings.about
        settings.tone = reader.text("tone", length: GenerationRequest.Limit.tone) ?? settings.tone
        settings.language = GenerationRequest.language(from: &reader) ?? settings.language
        settings.author = reader.text("author", length: 1...100) ?? settings.author
        settings.words = reader.integer("words", in: GenerationRequest.Limit.words) ?? settings.words
        settings.audience = reader.text("audience", length: GenerationRequest.Limit.phrase) ?? settings.audience
        settings.autoSelect = reader.boolean("autoSelect") ?? settings.autoSelect
        settings.image = reader.choice("image", ImageMode.self) ?? settings.image
        settings.publishMode = reader.choice("publishMode", PublishMode.self) ?? settings.publishMode
        settings.timeZone = GenerationRequest.timeZone(from: &reader) ?? settings.timeZone
        settings.publisher = reader.choice("publisher", PublisherKind.self) ?? settings.publisher
        reader.finish()
        reader.absorb(settings.contradictions)
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        return settings
    }

    /// What is wrong with settings that were made rather than read.
    var problems: [FieldProblem] {
        var request = GenerationRequest(sourceId: "settings")
        (request.tone, request.language, request.words) = (tone, language, words)
        (request.audience, request.timeZone) = (audience, timeZone)
        var problems = request.problems(now: .distantPast) + contradictions
        if let about, case .wrong(let complaint) = TextRules.check(about, length: 1...400) {
            problems.append(FieldProblem("about", complaint))
        }
        if let author, case .wrong(let complaint) = TextRules.check(author, length: 1...100) {
            problems.append(FieldProblem("author", complaint))
        }
        return problems
    }

    private var contradictions: [FieldProblem] {
        publishMode == .schedule
            ? [FieldProblem("publishMode", "can be schedule only in a request, which says when")] : []
    }
}
