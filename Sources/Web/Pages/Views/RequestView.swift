import Blog
import ProductKit

/// The request form with what was typed and what is wrong with it.
struct RequestView: Sendable {
    struct Problem: Sendable {
        let message: String
        let hint: String?
    }

    struct TextField: Sendable {
        let name: String
        let label: String
        let placeholder: String
        let value: String
        let isNumber: Bool
        let error: String?
    }

    struct ChoiceField: Sendable {
        let name: String
        let label: String
        let options: [Option]
        let error: String?
    }

    struct Option: Sendable {
        let value: String
        let label: String
        let isChosen: Bool
    }

    let once: String
    let sites: SiteChoice
    let hasSites: Bool
    let problem: Problem?
    let isProduct: Bool
    let sourceId: String
    let idea: ChoiceField
    /// Whether the further wishes are shown unfolded: when one of them was used or is wrong.
    let isOpen: Bool
    let texts: [TextField]
    let choices: [ChoiceField]
    let errors: [String: String]

    init(_ form: RequestForm, sites: [Site], refused error: BlogError?) {
        var errors: [String: String] = [:]
        for problem in error?.problems ?? [] {
            let field = String(problem.field.prefix { $0 != "[" && $0 != "." })
            if errors[field] == nil { errors[field] = "It \(problem.message)." }
        }
        once = form["once"]
        self.sites = SiteChoice(sites, chosen: form["site"].nonEmpty, fewest: 1)
        hasSites = !sites.isEmpty
        problem = error.map { Problem(message: $0.message, hint: $0.problems.isEmpty ? $0.hint : nil) }
        isProduct = form["sourceType"] == "product"
        sourceId = form["sourceId"]
        idea = Self.choice(
            form, errors, "autoSelect", "Who picks the idea",
            [("false", "I do, one of five"), ("true", "Take the first")])
        texts = Self.texts(form, errors)
        choices = Self.choices(form, errors)
        isOpen = texts.contains { !$0.value.isEmpty || $0.error != nil } || choices.contains { $0.error != nil }
        self.errors = errors
    }

    private static func texts(_ form: RequestForm, _ errors: [String: String]) -> [TextField] {
        [
            ("tone", "Tone", "friendly and clear"), ("words", "Words", "900"), ("language", "Language", "en"),
            ("audience", "Readers", "people who bake at home"), ("keywords", "Keywords, by commas", ""),
            ("avoid", "Stay away from, by commas", ""),
        ].map { name, label, placeholder in
            TextField(
                name: name, label: label, placeholder: placeholder, value: form[name], isNumber: name == "words",
                error: errors[name])
        }
    }

    private static func choices(_ form: RequestForm, _ errors: [String: String]) -> [ChoiceField] {
        [
            choice(
                form, errors, "image", "Picture",
                [("auto", "Make one"), ("product", "The product's own"), ("none", "None")]),
            choice(
                form, errors, "publishMode", "When it is written",
                [("draft", "Keep it as a draft"), ("publish", "Publish it")]),
        ]
    }

    private static func choice(
        _ form: RequestForm, _ errors: [String: String], _ name: String, _ label: String, _ options: [(String, String)]
    ) -> ChoiceField {
        ChoiceField(
            name: name, label: label,
            options: ([("", "As the site has it")] + options).map {
                Option(value: $0.0, label: $0.1, isChosen: form[name] == $0.0)
            }, error: errors[name])
    }
}
