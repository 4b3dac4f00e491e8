import Foundation
import ProductKit

/// What an owner says of a persona: all of it when it is made, any part of it later.
package struct PersonaForm: Sendable {
    package var name: String?
    package var bio: String?
    package var tone: String?
    package var language: String?
    package var status: Persona.Status?
    package var writingSamples: [String]?
    package var doNotSay: [String]?
    package var catchphrases: [String]?
    package var formality: Int?
    package var talkativeness: Int?

    package init(name: String? = nil) { self.name = name }

    /// - Parameter isNew: a new persona needs a name.
    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8], isNew: Bool) throws -> PersonaForm {
        var reader = try FieldReader(body: body)
        var form = PersonaForm()
        form.name = reader.text("name", length: 1...80)
        if isNew, !reader.mentions("name") { reader.complain("name", "is missing") }
        form.bio = reader.text("bio", length: 0...500, allowsLines: true)
        form.tone = reader.text("tone", length: 1...60)
        form.language = LanguageTag.read("language", &reader)
        if !isNew { form.status = Self.readStatus(&reader) }
        form.writingSamples = reader.list(
            "writing_samples", count: 0...Calibration.samplesCount, length: 1...Calibration.sampleLengthMax)
        if let samples = form.writingSamples, !samples.isEmpty, samples.count != Calibration.samplesCount,
            !reader.problems.contains(where: { $0.field.hasPrefix("writing_samples") })
        {
            reader.complain("writing_samples", "must be three, or none")
        }
        form.doNotSay = reader.list("do_not_say", count: 0...20, length: 1...120)
        form.catchphrases = reader.list("catchphrases", count: 0...20, length: 1...80)
        form.formality = reader.integer("formality", in: 0...3)
        form.talkativeness = reader.integer("talkativeness", in: 0...100)
        try reader.close()
        return form
    }

    /// Deleting has a verb of its own.
    private static func readStatus(_ reader: inout FieldReader) -> Persona.Status? {
        let status = reader.choice("status", Persona.Status.self)
        guard status == .deleted else { return status }
        reader.complain("status", "must be active or paused; DELETE deletes")
        return nil
    }

    func applied(to persona: Persona) -> Persona {
        var persona = persona
        if let name { persona.name = name }
        if let bio { persona.bio = bio }
        if let tone { persona.tone = tone }
        if let language { persona.language = language }
        if let status { persona.status = status }
        if let writingSamples { persona.calibration.writingSamples = writingSamples }
        if let doNotSay { persona.calibration.doNotSay = doNotSay }
        if let catchphrases { persona.calibration.catchphrases = catchphrases }
        if let formality { persona.calibration.formality = formality }
        if let talkativeness { persona.calibration.talkativeness = talkativeness }
        return persona
    }
}

/// The language of a text, as BCP 47 names it.
enum LanguageTag {
    static func read(_ field: String, _ reader: inout FieldReader) -> String? {
        guard let tag = reader.text(field, length: 2...35) else { return nil }
        if tag.wholeMatch(of: /[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*/) == nil {
            reader.complain(field, "must be a language tag such as en or pt-BR")
        }
        return tag
    }

    /// `pt` of `pt-BR`.
    static func primary(_ tag: String) -> String { tag.prefix { $0 != "-" }.lowercased() }
}
