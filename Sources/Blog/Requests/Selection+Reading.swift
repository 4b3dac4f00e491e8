import ProductKit

extension Selection {
    /// Ideas in a round.
    package static let ideaCount = 5
    /// Rounds of ideas in one generation, so that a script cannot spend without end.
    package static let roundsMax = 10

    /// Reads `{"index": 0…4, "title"?: …}`.
    ///
    /// - Throws: `request.malformed`; `validation.failed`; `selection.out_of_range` for an index that no idea has.
    package static func read(_ body: some Sequence<UInt8>) throws(BlogError) -> Selection {
        var reader = try FieldReader(body: body)
        // The older interface called it ideaIndex.
        let name = reader.mentions("ideaIndex") && !reader.mentions("index") ? "ideaIndex" : "index"
        let index = reader.integer(name, in: -1_000_000...1_000_000)
        if !reader.mentions(name) { reader.complain("index", "is missing; it counts from 0 to \(ideaCount - 1)") }
        let title = reader.text("title", length: GenerationRequest.Limit.title)
        reader.finish()
        guard reader.problems.isEmpty, let index else { throw .invalid(reader.problems) }
        let pick = Selection.pick(index: index, title: title)
        try pick.checkRange()
        return pick
    }

    /// Reads `{}`, `{"hint": …}` or no body at all.
    package static func readRegeneration(_ body: some Collection<UInt8>) throws(BlogError) -> Selection {
        if body.isEmpty { return .regenerate(hint: nil) }
        var reader = try FieldReader(body: body)
        let hint = reader.text("hint", length: GenerationRequest.Limit.phrase)
        reader.finish()
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        return .regenerate(hint: hint)
    }

    func checkRange() throws(BlogError) {
        guard case .pick(let index, _) = self, !(0..<Self.ideaCount).contains(index) else { return }
        throw BlogError(
            .selectionOutOfRange, "There is no idea number \(index).",
            hint: "There are \(Self.ideaCount) ideas, counted from 0 to \(Self.ideaCount - 1).")
    }

    /// For selections that were made rather than read.
    func checked() throws(BlogError) {
        try checkRange()
        let (field, text) =
            switch self {
            case .pick(_, let title): ("title", title)
            case .regenerate(let hint): ("hint", hint)
            }
        let length = field == "title" ? GenerationRequest.Limit.title : GenerationRequest.Limit.phrase
        guard let text, case .wrong(let complaint) = TextRules.check(text, length: length) else { return }
        throw .invalid([FieldProblem(field, complaint)])
    }
}
