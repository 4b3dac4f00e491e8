/// Reads emphasis, code, links and breaks inside one paragraph.
///
/// First cuts the text into pieces, then pairs the emphasis marks. A bracket or a mark is looked at a bounded number of
/// times, so no text takes more than time in proportion to its length.
struct MarkdownInlines {
    typealias Inline = MarkdownDocument.Inline

    /// Open brackets and open marks that are remembered; beyond that they are text.
    static let nestingMax = 16
    /// Longer runs of backticks and of emphasis marks are text: each length costs a search, each mark a level.
    static let codeRunMax = 32
    static let markRunMax = 6
    /// A longer address is text.
    static let urlLengthMax = 2_048

    private struct Bracket {
        let piece: Int
        let isImage: Bool
        var isActive = true
    }

    private let text: [Unicode.Scalar]
    private var place = 0
    private var pieces: [MarkdownEmphasis.Piece] = []
    private var pending: [Unicode.Scalar] = []
    private var brackets: [Bracket] = []
    /// Lengths of backtick runs that have no partner further on.
    private var unclosedRuns: Set<Int> = []

    private init(_ text: Substring) { self.text = Array(text.unicodeScalars) }

    static func parse(_ text: Substring) -> [Inline] {
        var parser = MarkdownInlines(text)
        while parser.place < parser.text.count { parser.step() }
        parser.flush()
        return MarkdownEmphasis.pair(parser.pieces[...])
    }

    private mutating func step() {
        switch text[place] {
        case "\\": escape()
        case "`": code()
        case "*", "_": mark()
        case "[": open(isImage: false)
        case "!": if peek(1) == "[" { open(isImage: true) } else { literal(1) }
        case "]": close()
        case "<": autolink()
        case "&": entity()
        case "\n": newline()
        default: literal(text[place...].prefix { !Self.isMark($0) }.count)
        }
    }

    /// Everything that ``step()`` looks at.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\\", "`", "*", "_", "[", "!", "]", "<", "&", "\n": true
        default: false
        }
    }

    private func peek(_ ahead: Int) -> Unicode.Scalar? {
        place + ahead < text.count ? text[place + ahead] : nil
    }

    private mutating func literal(_ count: Int) {
        pending.append(contentsOf: text[place..<place + count])
        place += count
    }

    private mutating func flush() {
        guard !pending.isEmpty else { return }
        pieces.append(.inline(.text(String(String.UnicodeScalarView(pending)))))
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ inline: Inline) {
        flush()
        pieces.append(.inline(inline))
    }

    private mutating func escape() {
        guard let next = peek(1) else { return literal(1) }
        if next == "\n" {
            append(.lineBreak)
            place += 2
        } else if next.isASCII, next.properties.isPatternSyntax || next == "_" || next == "-" {
            pending.append(next)
            place += 2
        } else {
            literal(1)
        }
    }

    private mutating func code() {
        let run = run(of: "`", from: place)
        if run <= Self.codeRunMax, !unclosedRuns.contains(run), let end = closingRun(run, from: place + run) {
            let inner = String(String.UnicodeScalarView(text[(place + run)..<end])).replacing("\n", with: " ")
            let padded = inner.hasPrefix(" ") && inner.hasSuffix(" ") && inner.contains { $0 != " " }
            append(.code(padded ? String(inner.dropFirst().dropLast()) : inner))
            place = end + run
        } else {
            unclosedRuns.insert(run)
            literal(run)
        }
    }

    private func run(of scalar: Unicode.Scalar, from start: Int) -> Int {
        text[start...].prefix { $0 == scalar }.count
    }

    private func closingRun(_ length: Int, from start: Int) -> Int? {
        var at = start
        while at < text.count {
            if text[at] == "`" {
                let run = run(of: "`", from: at)
                if run == length { return at }
                at += run
            } else {
                at += 1
            }
        }
        return nil
    }

    private mutating func mark() {
        let scalar = text[place]
        let run = run(of: scalar, from: place)
        guard run <= Self.markRunMax else { return literal(run) }
        let before = place > 0 ? text[place - 1] : " "
        let after = peek(run) ?? " "
        flush()
        pieces.append(.mark(MarkdownEmphasis.Mark(scalar, count: run, before: before, after: after)))
        place += run
    }

    private mutating func open(isImage: Bool) {
        guard brackets.count < Self.nestingMax else { return literal(1) }
        flush()
        brackets.append(Bracket(piece: pieces.count, isImage: isImage))
        pieces.append(.inline(.text(isImage ? "![" : "[")))
        place += isImage ? 2 : 1
    }

    private mutating func close() {
        guard let bracket = brackets.popLast() else { return literal(1) }
        guard bracket.isActive, let target = MarkdownTarget.read(text, from: place + 1) else { return literal(1) }
        flush()
        let inner = MarkdownEmphasis.pair(pieces[(bracket.piece + 1)...])
        pieces.removeSubrange(bracket.piece...)
        place = target.end
        if bracket.isImage {
            pieces.append(.inline(.text(inner.plainText)))
        } else if let url = target.url {
            pieces.append(.inline(.link(url: url, inner.withoutLinks)))
            // A link holds no link.
            for index in brackets.indices where !brackets[index].isImage { brackets[index].isActive = false }
        } else {
            pieces.append(contentsOf: inner.map { .inline($0) })
        }
    }

    private mutating func autolink() {
        let inner = text[(place + 1)...].prefix(Self.urlLengthMax).prefix {
            $0 != ">" && $0 != "<" && $0 != " " && $0 != "\n"
        }
        guard inner.endIndex < text.count, text[inner.endIndex] == ">",
            let url = MarkdownTarget.allowed(String(String.UnicodeScalarView(inner)))
        else { return literal(1) }
        append(.link(url: url, [.text(url)]))
        place = inner.endIndex + 1
    }

    private mutating func entity() {
        let name = text[(place + 1)...].prefix(8).prefix { $0 != ";" }
        guard name.endIndex < text.count, text[name.endIndex] == ";",
            let scalar = Self.entities[String(String.UnicodeScalarView(name))]
        else { return literal(1) }
        pending.append(scalar)
        place = name.endIndex + 1
    }

    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "#39": "'", "nbsp": "\u{A0}", "ndash": "–",
        "mdash": "—", "hellip": "…",
    ]

    private mutating func newline() {
        var spaces = 0
        while pending.last == " " {
            pending.removeLast()
            spaces += 1
        }
        if spaces >= 2 { append(.lineBreak) } else { pending.append("\n") }
        place += 1
    }
}
