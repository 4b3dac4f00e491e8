/// What any text from outside must be like before it is stored, shown or put into a prompt.
package enum TextRules {
    package enum Verdict: Equatable {
        /// Without blanks at its ends.
        case fine(String)
        /// Completes "The field …".
        case wrong(String)
    }

    /// - Parameter length: in Unicode scalars, since one visible character may hold thousands of them.
    /// - Parameter allowsLines: whether line breaks may stand in it.
    package static func check(_ text: String, length: ClosedRange<Int>, allowsLines: Bool = false) -> Verdict {
        guard text.utf8.count <= length.upperBound * 4 + 64 else { return .wrong(tooLong(nil, length)) }
        guard !text.unicodeScalars.contains(where: { isForbidden($0) && !(allowsLines && $0 == "\n") }) else {
            return .wrong("contains control characters; use plain text\(allowsLines ? "" : " on one line")")
        }
        let trimmed = trim(text)
        let count = trimmed.unicodeScalars.count
        if count > length.upperBound { return .wrong(tooLong(count, length)) }
        if count < length.lowerBound {
            return .wrong(count == 0 ? "must not be empty" : "must have at least \(length.lowerBound) characters")
        }
        return .fine(trimmed)
    }

    static func tooLong(_ count: Int?, _ length: ClosedRange<Int>) -> String {
        let has = count.map { "has \($0) characters" } ?? "is far too long"
        return "\(has); at most \(length.upperBound) are allowed"
    }

    /// Control characters, line and paragraph separators, and the marks that turn the direction of text around.
    package static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        // The tables of Unicode are slow, and nearly all text is this.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
    }

    /// Text of a person, a product or a model as one line of data: whatever could end the line is a blank.
    package static func oneLine(_ text: String, max: Int) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            let isBlank = isForbidden(scalar) || isWhitespace(scalar)
            if isBlank, line.last == " " || line.isEmpty { continue }
            line.append(isBlank ? " " : scalar)
            count += 1
            if count == max { break }
        }
        return trim(String(line))
    }

    /// A model's text as it may be stored and shown: its lines, without anything invisible.
    package static func plain(_ text: String) -> String {
        trim(String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 == "\n" || !isForbidden($0) })))
    }

    /// A caller's name for a field as it may stand in an answer.
    static func shown(_ name: String) -> String { oneLine(name, max: 40) }

    package static func trim(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isWhitespace(first) { scalars.removeFirst() }
        while let last = scalars.last, isWhitespace(last) { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar == " " || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
    }
}
