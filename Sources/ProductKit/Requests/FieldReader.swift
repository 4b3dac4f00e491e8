import Providers

/// Reads the members of a JSON object and gathers everything that is wrong with them.
///
/// A member that is missing or null gives nil. After the last read, ``finish()`` reports the members that nobody read.
package struct FieldReader {
    private let members: [String: JSON]
    /// Before the names in problems, such as `selectedIdea.`.
    private let prefix: String
    private var known: [String] = []
    package private(set) var problems: [FieldProblem] = []

    package init(_ members: [String: JSON], prefix: String = "") {
        self.members = members
        self.prefix = prefix
    }

    package mutating func complain(_ field: String, _ message: String) {
        problems.append(FieldProblem(prefix + field, message))
    }

    /// Whether the member is there, and not null.
    package func mentions(_ field: String) -> Bool { members[field].map { !$0.isNull } ?? false }

    /// Text without surrounding blanks and control characters.
    ///
    /// - Parameter length: in Unicode scalars.
    /// - Parameter allowsLines: whether line breaks may stand in it.
    package mutating func text(_ field: String, length: ClosedRange<Int>, allowsLines: Bool = false) -> String? {
        guard let value = member(field) else { return nil }
        guard let text = value.string else {
            complain(field, "must be text")
            return nil
        }
        return check(text, field, length, allowsLines)
    }

    /// Text that the request must have.
    package mutating func required(_ field: String, length: ClosedRange<Int>, allowsLines: Bool = false) -> String {
        guard member(field) != nil else {
            complain(field, "is missing")
            return ""
        }
        return text(field, length: length, allowsLines: allowsLines) ?? ""
    }

    /// Text of several lines, as one line.
    package mutating func prose(_ field: String, lengthMax: Int) -> String? {
        guard let value = member(field) else { return nil }
        guard let text = value.string else {
            complain(field, "must be text")
            return nil
        }
        if text.unicodeScalars.count > lengthMax {
            complain(field, TextRules.tooLong(text.unicodeScalars.count, 0...lengthMax))
        }
        return TextRules.oneLine(text, max: lengthMax)
    }

    package mutating func integer(_ field: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = member(field) else { return nil }
        guard let number = value.number, let whole = Int(exactly: number), range.contains(whole) else {
            complain(field, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return whole
    }

    package mutating func boolean(_ field: String) -> Bool? {
        guard let value = member(field) else { return nil }
        if value.bool == nil { complain(field, "must be true or false") }
        return value.bool
    }

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ field: String, _: Choice.Type)
        -> Choice?
    {
        guard let value = member(field) else { return nil }
        if let choice = value.string.flatMap(Choice.init(rawValue:)) { return choice }
        complain(field, "must be one of: \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    package mutating func list(_ field: String, count: ClosedRange<Int>, length: ClosedRange<Int>) -> [String]? {
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

    /// The member itself, for what is read in a way of its own.
    package mutating func member(_ field: String) -> JSON? {
        if !known.contains(field) { known.append(field) }
        guard let value = members[field], !value.isNull else { return nil }
        return value
    }

    package mutating func absorb(_ problems: [FieldProblem]) { self.problems += problems }

    /// Complains of every member that was not asked for.
    package mutating func finish() {
        for name in members.keys.sorted() where !known.contains(name) {
            let shown = TextRules.shown(name)
            if let near = known.first(where: { $0.lowercased() == name.lowercased() || NameDistance.isNear($0, name) })
            {
                complain(shown, "is not a known field; did you mean \(near)?")
            } else {
                complain(shown, "is not a known field; known are: \(known.joined(separator: ", "))")
            }
        }
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
