import Providers

/// Reads the members of a JSON object and gathers everything that is wrong with them.
///
/// A member that is missing or null gives nil. ``finish()`` refuses what was wrong and every member that nobody read.
struct FieldReader {
    private let members: [String: JSON]
    private var known: [String] = []
    private(set) var problems: [FieldProblem] = []

    init(_ members: [String: JSON]) { self.members = members }

    /// The one object of a request's body; no body at all is an empty object.
    ///
    /// - Throws: `request.malformed` when it is no JSON object.
    init(body: [UInt8]) throws(ArenaError) {
        if body.isEmpty {
            self.init([:])
            return
        }
        guard let members = JSON(body)?.object else {
            throw ArenaError(
                .requestMalformed, "The body is not one JSON object.", hint: "Send one JSON object in UTF-8.")
        }
        self.init(members)
    }

    mutating func complain(_ field: String, _ message: String) { problems.append(FieldProblem(field, message)) }

    /// Whether the member is there, and not null.
    func mentions(_ field: String) -> Bool { members[field].map { !$0.isNull } ?? false }

    /// - Parameter length: in Unicode scalars.
    mutating func text(_ field: String, length: ClosedRange<Int>, allowsLines: Bool = false) -> String? {
        guard let value = member(field) else { return nil }
        guard let text = value.string else {
            complain(field, "must be text")
            return nil
        }
        return check(text, field, length, allowsLines)
    }

    /// Text that the request must have.
    mutating func required(_ field: String, length: ClosedRange<Int>, allowsLines: Bool = false) -> String {
        guard member(field) != nil else {
            complain(field, "is missing")
            return ""
        }
        return text(field, length: length, allowsLines: allowsLines) ?? ""
    }

    mutating func integer(_ field: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = member(field) else { return nil }
        guard let number = value.number, let whole = Int(exactly: number), range.contains(whole) else {
            complain(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return whole
    }

    mutating func boolean(_ field: String) -> Bool? {
        guard let value = member(field) else { return nil }
        if value.bool == nil { complain(field, "must be true or false") }
        return value.bool
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ field: String, _: Choice.Type) -> Choice? {
        guard let value = member(field) else { return nil }
        if let choice = value.string.flatMap(Choice.init(rawValue:)) { return choice }
        complain(field, "must be one of: \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    mutating func list(_ field: String, count: ClosedRange<Int>, length: ClosedRange<Int>) -> [String]? {
        guard let value = member(field) else { return nil }
        guard let items = value.array else {
            complain(field, "must be a list of texts")
            return nil
        }
        guard count.contains(items.count) else {
            complain(field, "has \(items.count) items; allowed are \(count.lowerBound) to \(count.upperBound)")
            return nil
        }
        return items.enumerated().compactMap { index, item in
            guard let text = item.string else {
                complain("\(field)[\(index)]", "must be text")
                return nil
            }
            return check(text, "\(field)[\(index)]", length, false)
        }
    }

    /// An id of ours; a malformed one cannot name anything.
    mutating func id<ID: ArenaIdentifier>(_ field: String, _: ID.Type) -> ID? {
        guard let value = member(field) else { return nil }
        if let id = value.string.flatMap({ ID($0) }) { return id }
        complain(field, "must be an id")
        return nil
    }

    /// The member itself, for what is read in a way of its own.
    mutating func member(_ field: String) -> JSON? {
        if !known.contains(field) { known.append(field) }
        guard let value = members[field], !value.isNull else { return nil }
        return value
    }

    /// - Throws: `validation.failed` with everything that was wrong.
    mutating func finish() throws(ArenaError) {
        for name in members.keys.sorted() where !known.contains(name) {
            let shown = TextRules.oneLine(name, max: 40)
            complain(shown, "is not a known field; known are: \(known.joined(separator: ", "))")
        }
        guard problems.isEmpty else { throw ArenaError.invalid(problems) }
    }

    private mutating func check(
        _ text: String, _ field: String, _ length: ClosedRange<Int>, _ allowsLines: Bool
    ) -> String? {
        switch TextRules.check(text, length: length, allowsLines: allowsLines) {
        case .fine(let trimmed): return trimmed
        case .wrong(let complaint):
            complain(field, complaint)
            return nil
        }
    }
}
