import Database
import ProductKit

/// What a battle is asked for with.
package struct BattleForm: Sendable {
    package var topic: String
    package var personaA: PersonaID?
    package var personaB: PersonaID?
    package var template: TemplateID?
    package var proStyle: String
    package var conStyle: String
    /// From a remix intent.
    package var remixToken: String?

    package init(topic: String) {
        self.topic = topic
        proStyle = ""
        conStyle = ""
    }

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> BattleForm {
        var reader = try FieldReader(body: body)
        var form = BattleForm(topic: reader.required("topic", length: 3...180))
        form.personaA = reader.id("persona_a_id", PersonaID.self)
        form.personaB = reader.id("persona_b_id", PersonaID.self)
        if form.personaA != nil, form.personaA == form.personaB {
            reader.complain("persona_b_id", "must be another persona")
        }
        form.template = reader.id("template_id", TemplateID.self)
        form.proStyle = reader.text("pro_style", length: 1...80) ?? ""
        form.conStyle = reader.text("con_style", length: 1...80) ?? ""
        form.remixToken = reader.text("remix_token", length: 1...2_048)
        try reader.close()
        return form
    }
}

/// What a visitor thinks of a battle.
package enum VoteChoice: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable {
    case a, b, tie
    case bothBad = "both_bad"

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> VoteChoice {
        var reader = try FieldReader(body: body)
        let choice = reader.choice("choice", VoteChoice.self)
        if !reader.mentions("choice") { reader.complain("choice", "is missing") }
        try reader.close()
        guard let choice else { throw ArenaError.invalid([FieldProblem("choice", "is missing")]) }
        return choice
    }
}
