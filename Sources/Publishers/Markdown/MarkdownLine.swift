/// What a single line of Markdown begins.
enum MarkdownLine {
    struct Fence {
        let mark: Character
        let length: Int
    }

    struct Item {
        /// Nil for a bullet.
        let number: Int?
        let bullet: Character?
        /// Columns before the item's text.
        let width: Int
        let text: Substring

        /// Models indent by two or three columns whatever the marker's width is.
        var continuation: Int { min(width, 2) }

        func isLike(_ other: Item) -> Bool { (number == nil) == (other.number == nil) && bullet == other.bullet }
    }

    static func isBlank(_ line: Substring) -> Bool { line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// Columns of leading space, a tab counting four; looks no further than 16.
    static func indent(_ line: Substring) -> Int {
        line.prefix(16).prefix { $0 == " " || $0 == "\t" }.reduce(0) { $0 + ($1 == "\t" ? 4 : 1) }
    }

    static func unindented(_ line: Substring, by columns: Int) -> Substring {
        var rest = line
        var removed = 0
        while removed < columns, let first = rest.first, first == " " || first == "\t" {
            removed += first == "\t" ? 4 : 1
            rest = rest.dropFirst()
        }
        return rest
    }

    static func heading(_ line: Substring) -> (level: Int, text: Substring)? {
        guard let text = trimmed(line) else { return nil }
        let level = text.prefix { $0 == "#" }.count
        guard (1...6).contains(level), text.count == level || text.dropFirst(level).first == " " else { return nil }
        var title = text.dropFirst(level).drop { $0 == " " }
        while title.last == " " || title.last == "#" { title = title.dropLast() }
        return (level, title)
    }

    static func fence(_ line: Substring) -> Fence? {
        guard let text = trimmed(line), let mark = text.first, mark == "`" || mark == "~" else { return nil }
        let length = text.prefix { $0 == mark }.count
        guard length >= 3, mark == "~" || !text.dropFirst(length).contains("`") else { return nil }
        return Fence(mark: mark, length: length)
    }

    static func closes(_ fence: Fence, _ line: Substring) -> Bool {
        guard let text = trimmed(line) else { return false }
        let run = text.prefix { $0 == fence.mark }.count
        return run >= fence.length && isBlank(text.dropFirst(run))
    }

    static func isRule(_ line: Substring) -> Bool {
        guard let text = trimmed(line), let mark = text.first, "-*_".contains(mark) else { return false }
        let marks = text.filter { $0 != " " && $0 != "\t" }
        return marks.count >= 3 && marks.allSatisfy { $0 == mark }
    }

    static func quoted(_ line: Substring) -> Substring? {
        guard let text = trimmed(line), text.first == ">" else { return nil }
        let inner = text.dropFirst()
        return inner.first == " " ? inner.dropFirst() : inner
    }

    static func item(_ line: Substring) -> Item? {
        guard let text = trimmed(line) else { return nil }
        let offset = line.utf8.count - text.utf8.count
        if let bullet = text.first, "-*+".contains(bullet), let rest = afterMarker(text.dropFirst()) {
            return Item(number: nil, bullet: bullet, width: offset + 2, text: rest)
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(digits.count), let mark = text.dropFirst(digits.count).first, mark == "." || mark == ")",
            let rest = afterMarker(text.dropFirst(digits.count + 1))
        else { return nil }
        return Item(number: Int(digits), bullet: nil, width: offset + digits.count + 2, text: rest)
    }

    /// `===` and `---` below a line make it a heading.
    static func underline(_ line: Substring) -> Int? {
        guard let text = trimmed(line), let mark = text.first, mark == "=" || mark == "-" else { return nil }
        let rest = text.drop { $0 == mark }
        return isBlank(rest) && text.count - rest.count >= 2 ? (mark == "=" ? 1 : 2) : nil
    }

    static func startsBlock(_ line: Substring) -> Bool {
        heading(line) != nil || fence(line) != nil || isRule(line) || quoted(line) != nil || item(line) != nil
    }

    /// The line without up to three leading spaces; nil when it is indented further.
    private static func trimmed(_ line: Substring) -> Substring? {
        let text = line.drop { $0 == " " }
        return line.utf8.count - text.utf8.count <= 3 ? text : nil
    }

    private static func afterMarker(_ rest: Substring) -> Substring? {
        if rest.isEmpty { return rest }
        guard rest.first == " " || rest.first == "\t" else { return nil }
        return rest.drop { $0 == " " || $0 == "\t" }
    }
}
