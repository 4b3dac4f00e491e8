import Providers

/// Reads the members of a JSON object and gathers everything that is wrong with them.
///
/// A member that is missing or null gives nil. After the last read, ``finish()`` reports the members that nobody read.
struct FieldReader {
    private let members: [String: JSON]
    /// Before the names in problems, such as `selectedIdea.`.
    private let prefix: String
    private var known: [String] = []
    private(set) var problems: [FieldProblem] = []

    init(_ members: [String: JSON], prefix: String = "") {
        self.members = members
        self.prefix = prefix
    }

    /// The one object of a request's body.
    ///
    /// - Throws: `request.malformed` when it is no JSON object.
    init(body: some Sequence<UInt8>) throws(BlogError) {
        guard let json = JSON(body) else {
            throw BlogError(
                .requestMalformed, "The body is not valid JSON.",
                hint:
                    "Send one JSON object in UTF-8, such as {\"sourceType\": \"keyword\", \"sourceId\": \"sourdough starter\"}."
            )
        }
        guard let members = json.object else {
            throw BlogError(.requestMalformed, "The body is JSON, but not an object.", hint: "Send one JSON object.")
        }
        self.init(members)
    }

    mutating func complain(_ field: String, _ message: String) {
        problems.append(FieldProblem(prefix + field, message))
    }

    func has(_ field: String) -> Bool { members[field].map { !$0.isNull } ?? false }

    /// Text without surrounding blanks and control characters.
    /// - Parameter length: in Unicode scalars.
    mutating func text(_ field: String, length: ClosedRange<Int>) -> String? {
        guard let value = member(field) else { return nil }
        guard let text = value.string else {
            complain(field, "must be text")
            return nil
        }
        return check(text, field, length)
    }

    /// Text of several lines, as one line.
    mutating func prose(_ field: String, lengthMax: Int) -> String? {
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
            return check(text, "\(field)[\(index)]", length)
        }
    }

    /// The member itself, for what is read in a way of its own.
    mutating func member(_ field: String) -> JSON? {
        known.append(field)
        guard let value = members[field], !value.isNull else { return nil }
        return value
    }

    mutating func absorb(_ problems: [FieldProblem]) { self.problems += problems }

    /// Complains of every member that was not asked for.
    mutating func finish() {
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

    private mutating func check(_ text: String, _ field: String, _ length: ClosedRange<Int>) -> String? {
        switch TextRules.check(text, length: length) {
        case .fine(let trimmed): return trimmed
        case .wrong(let complaint):
            complain(field, complaint)
            return nil
        }
    }
}

/// Whether two names differ by one slip of the finger.
enum NameDistance {
    static func isNear(_ one: String, _ other: String) -> Bool {
        let (short, long) =
            one.utf8.count <= other.utf8.count
            ? (Array(one.utf8), Array(other.utf8)) : (Array(other.utf8), Array(one.utf8))
        guard short.count >= 3, long.count - short.count <= 1 else { return false }
        let head = zip(short, long).prefix { $0 == $1 }.count
        let tail = zip(short.reversed(), long.reversed()).prefix { $0 == $1 }.count
        return head + tail >= long.count - 1 || (short.count == long.count && isSwap(short, long, at: head))
    }

    private static func isSwap(_ one: [UInt8], _ other: [UInt8], at index: Int) -> Bool {
        guard index + 1 < one.count else { return false }
        var swapped = one
        swapped.swapAt(index, index + 1)
        return swapped == other
    }
}
