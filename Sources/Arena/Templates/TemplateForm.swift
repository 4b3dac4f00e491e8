import ProductKit

/// What an owner says of a template: all of it when it is made, any part of it later.
package struct TemplateForm: Sendable {
    package var name: String?
    package var promptRules: String?
    package var turnCount: Int?
    package var wordLimit: Int?
    package var isPublic: Bool?

    package init(
        name: String? = nil, promptRules: String? = nil, turnCount: Int? = nil, wordLimit: Int? = nil,
        isPublic: Bool? = nil
    ) {
        self.name = name
        self.promptRules = promptRules
        self.turnCount = turnCount
        self.wordLimit = wordLimit
        self.isPublic = isPublic
    }

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8], isNew: Bool) throws -> TemplateForm {
        var reader = try FieldReader(body: body)
        let form = TemplateForm(
            name: reader.text("name", length: 1...80),
            promptRules: reader.text("prompt_rules", length: 1...1_200, allowsLines: true),
            turnCount: reader.integer("turn_count", in: 2...20), wordLimit: reader.integer("word_limit", in: 40...500),
            isPublic: reader.boolean("is_public"))
        if isNew {
            for field in ["name", "prompt_rules"] where !reader.mentions(field) { reader.complain(field, "is missing") }
        }
        if let rules = form.promptRules {
            if Links.count(in: rules) > 0 { reader.complain("prompt_rules", "must not contain addresses") }
            if RuleOverride.isAttempted(in: rules) {
                reader.complain("prompt_rules", "must be rules for the battle, not orders to the model about its own")
            }
        }
        try reader.close()
        return form
    }
}

/// Rules that try to be more than rules. Prompts treat them as data anyway; this tells their author.
enum RuleOverride {
    static func isAttempted(in rules: String) -> Bool {
        let words = " " + Similarity.words(rules).joined(separator: " ") + " "
        return phrases.contains { words.contains(" \($0) ") }
    }

    private static let phrases = [
        "ignore previous instructions", "ignore all previous instructions", "ignore the above",
        "ignore your instructions",
        "disregard previous instructions", "disregard your instructions", "system prompt", "developer message",
        "you are no longer", "jailbreak", "end data",
    ]
}
