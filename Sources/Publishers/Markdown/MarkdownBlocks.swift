/// Reads blocks line by line; each line is looked at once per level of nesting.
struct MarkdownBlocks {
    typealias Block = MarkdownDocument.Block

    /// Deeper quotes and lists stay text: a page cannot show them, and recursion needs a bound.
    static let depthMax = 6

    private var lines: [Substring]
    private var place = 0
    private let depth: Int

    init(_ text: String) {
        self.init(lines: Self.withoutControls(text).split(separator: "\n", omittingEmptySubsequences: false), depth: 0)
    }

    private static func withoutControls(_ text: String) -> String {
        func isKept(_ value: UInt32) -> Bool { value >= 0x20 && value != 0x7F || value == 0x0A || value == 0x09 }
        if text.utf8.allSatisfy({ isKept(UInt32($0)) }) { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { isKept($0.value) }))
    }

    private init(lines: [Substring], depth: Int) {
        self.lines = lines
        self.depth = depth
    }

    mutating func parse() -> [Block] {
        var blocks: [Block] = []
        while place < lines.count {
            if MarkdownLine.isBlank(lines[place]) { place += 1 } else { blocks.append(next()) }
        }
        return blocks
    }

    private mutating func next() -> Block {
        let line = lines[place]
        if let (level, text) = MarkdownLine.heading(line) {
            place += 1
            return .heading(level: level, MarkdownInlines.parse(text))
        }
        if let fence = MarkdownLine.fence(line) { return code(until: fence) }
        if MarkdownLine.isRule(line) {
            place += 1
            return .rule
        }
        if depth < Self.depthMax {
            if MarkdownLine.quoted(line) != nil { return quote() }
            if let marker = MarkdownLine.item(line) { return list(like: marker) }
        }
        return paragraph()
    }

    private mutating func code(until fence: MarkdownLine.Fence) -> Block {
        var text: [Substring] = []
        place += 1
        while place < lines.count {
            let line = lines[place]
            place += 1
            if MarkdownLine.closes(fence, line) { break }
            text.append(line)
        }
        return .code(text.joined(separator: "\n"))
    }

    private mutating func quote() -> Block {
        var inner: [Substring] = []
        while place < lines.count, let text = MarkdownLine.quoted(lines[place]) {
            inner.append(text)
            place += 1
        }
        return .quote(nested(inner))
    }

    private mutating func list(like first: MarkdownLine.Item) -> Block {
        var items: [[Block]] = []
        while let marker = place < lines.count ? MarkdownLine.item(lines[place]) : nil, marker.isLike(first),
            !MarkdownLine.isRule(lines[place])
        {
            var inner = [marker.text]
            place += 1
            takeContinuation(of: marker, into: &inner)
            items.append(nested(inner))
            skipBlanks(before: first)
        }
        return .list(start: first.number, items: items)
    }

    /// What is indented below an item belongs to it, blank lines in between included.
    private mutating func takeContinuation(of marker: MarkdownLine.Item, into inner: inout [Substring]) {
        while place < lines.count {
            let line = lines[place]
            if MarkdownLine.isBlank(line) {
                guard place + 1 < lines.count, MarkdownLine.indent(lines[place + 1]) >= marker.continuation,
                    !MarkdownLine.isBlank(lines[place + 1])
                else { return }
                inner.append("")
            } else if MarkdownLine.indent(line) >= marker.continuation {
                inner.append(MarkdownLine.unindented(line, by: marker.width))
            } else if MarkdownLine.startsBlock(line) || MarkdownLine.isBlank(inner[inner.count - 1]) {
                return
            } else {
                inner.append(line)
            }
            place += 1
        }
    }

    private mutating func skipBlanks(before first: MarkdownLine.Item) {
        var ahead = place
        while ahead < lines.count, MarkdownLine.isBlank(lines[ahead]) { ahead += 1 }
        if ahead < lines.count, let next = MarkdownLine.item(lines[ahead]), next.isLike(first) { place = ahead }
    }

    private mutating func paragraph() -> Block {
        var text: [Substring] = []
        while place < lines.count, !MarkdownLine.isBlank(lines[place]) {
            if let level = MarkdownLine.underline(lines[place]), text.count == 1 {
                place += 1
                return .heading(level: level, MarkdownInlines.parse(text[0]))
            }
            if !text.isEmpty, MarkdownLine.startsBlock(lines[place]) { break }
            text.append(lines[place].drop { $0 == " " || $0 == "\t" })
            place += 1
        }
        return .paragraph(MarkdownInlines.parse(text.joined(separator: "\n")[...]))
    }

    private func nested(_ inner: [Substring]) -> [Block] {
        var parser = MarkdownBlocks(lines: inner, depth: depth + 1)
        return parser.parse()
    }
}
