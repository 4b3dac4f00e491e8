import Outbound

/// Markdown as Ricos, the document format of Wix posts.
///
/// Made here and not by Wix's own converter, which takes 10,000 characters at most and throttles. Only kinds of nodes that
/// our Markdown knows are written; all text is a value in JSON, so that nothing of it can become a node.
///
/// What Ricos asks for: text stands under paragraphs, headings and code only and holds no line ends but in code; an item of a
/// list holds paragraphs; between two blocks lies an empty paragraph, because the pages add no space of their own.
struct RicosDocument {
    let nodes: [JSONText]

    var json: JSONText { .object([("nodes", .array(nodes))]) }

    /// - Parameter topLevel: what the highest heading becomes; the page itself has the first.
    init(_ document: MarkdownDocument, topLevel: Int = 2) {
        let levels = document.blocks.compactMap { if case .heading(let level, _) = $0 { level } else { nil } }
        let writer = RicosWriter(shift: topLevel - (levels.min() ?? 1))
        let blocks = document.blocks.map { writer.nodes(of: $0) }.filter { !$0.isEmpty }
        nodes = Array(blocks.joined(separator: [RicosWriter.emptyParagraph]))
    }
}

/// Writes blocks as nodes.
private struct RicosWriter {
    typealias Block = MarkdownDocument.Block
    typealias Inline = MarkdownDocument.Inline

    /// Added to the level of headings.
    let shift: Int

    static let emptyParagraph = paragraph([])

    func nodes(of block: Block) -> [JSONText] {
        switch block {
        case .heading(let level, let inlines):
            let text = Self.runs(inlines).flatMap(\.self)
            guard !text.isEmpty else { return [] }
            let level = JSONText.integer(min(max(level + shift, 1), 6))
            return [Self.node("HEADING", "headingData", [("level", level)], text)]
        case .paragraph(let inlines): return Self.paragraphs(inlines)
        case .quote(let blocks):
            let inner = blocks.flatMap { paragraphs(in: $0) }
            return inner.isEmpty ? [] : [Self.node("BLOCKQUOTE", "blockquoteData", Self.unindented, inner)]
        case .code(let text):
            return text.isEmpty ? [] : [Self.node("CODE_BLOCK", "codeBlockData", [], [Self.text(text, [])])]
        case .rule:
            let look: [(String, JSONText?)] = [
                ("lineStyle", .string("SINGLE")), ("width", .string("LARGE")), ("alignment", .string("CENTER")),
            ]
            return [Self.node("DIVIDER", "dividerData", look, [])]
        case .list(let start, let items):
            let items = items.map(item)
            return start == nil
                ? [Self.node("BULLETED_LIST", "bulletedListData", Self.unindented, items)]
                : [Self.node("ORDERED_LIST", "orderedListData", Self.unindented, items)]
        }
    }

    /// An item begins with a paragraph; lists within it come after that.
    private func item(_ blocks: [Block]) -> JSONText {
        var inner: [JSONText] = []
        for block in blocks {
            if case .list = block {
                if inner.isEmpty { inner.append(Self.emptyParagraph) }
                inner += nodes(of: block)
            } else {
                inner += paragraphs(in: block)
            }
        }
        return Self.node("LIST_ITEM", nil, [], inner.isEmpty ? [Self.emptyParagraph] : inner)
    }

    /// What a quote or an item can hold of a block: its text.
    private func paragraphs(in block: Block) -> [JSONText] {
        switch block {
        case .paragraph(let inlines), .heading(_, let inlines): Self.paragraphs(inlines)
        case .code(let text):
            text.split(separator: "\n", omittingEmptySubsequences: true).map { Self.paragraph([Self.text($0, [])]) }
        case .quote(let blocks): blocks.flatMap { paragraphs(in: $0) }
        case .list(_, let items): items.flatMap { $0.flatMap { paragraphs(in: $0) } }
        case .rule: []
        }
    }

    private static func paragraphs(_ inlines: [Inline]) -> [JSONText] {
        runs(inlines).filter { !$0.isEmpty }.map(paragraph)
    }

    private static func paragraph(_ text: [JSONText]) -> JSONText {
        node("PARAGRAPH", "paragraphData", [], text)
    }

    // MARK: Text

    private enum Decoration: Equatable {
        case bold, italic
        case link(String)

        var json: JSONText {
            switch self {
            case .bold: .object([("type", .string("BOLD")), ("fontWeightValue", .integer(700))])
            case .italic: .object([("type", .string("ITALIC")), ("italicData", .bool(true))])
            case .link(let url):
                .object([
                    ("type", .string("LINK")),
                    (
                        "linkData",
                        .object([
                            (
                                "link",
                                .object([
                                    ("url", .string(url)), ("target", .string("BLANK")),
                                    ("rel", .object([("nofollow", .bool(true)), ("ugc", .bool(true))])),
                                ])
                            )
                        ])
                    ),
                ])
            }
        }
    }

    /// The lines of a text, each a list of text nodes.
    private static func runs(_ inlines: [Inline]) -> [[JSONText]] {
        var lines: [[JSONText]] = [[]]
        func add(_ inlines: [Inline], _ decorations: [Decoration]) {
            for inline in inlines {
                switch inline {
                case .text(let words), .code(let words):
                    let line = oneLine(words)
                    if !line.isEmpty { lines[lines.count - 1].append(text(line, decorations)) }
                case .strong(let inner): add(inner, with(.bold))
                case .emphasis(let inner): add(inner, with(.italic))
                case .link(let url, let inner): add(inner, with(.link(url)))
                case .lineBreak: lines.append([])
                }
                func with(_ decoration: Decoration) -> [Decoration] {
                    decorations.contains(decoration) ? decorations : decorations + [decoration]
                }
            }
        }
        add(inlines, [])
        return lines
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }))
    }

    private static func text(_ text: some StringProtocol, _ decorations: [Decoration]) -> JSONText {
        .object([
            ("type", .string("TEXT")), ("nodes", .array([])),
            (
                "textData",
                .object([("text", .string(String(text))), ("decorations", .array(decorations.map(\.json)))])
            ),
        ])
    }

    private static let unindented: [(String, JSONText?)] = [("indentation", .integer(0))]

    /// - Parameter dataName: the member that says more about a node of this type; nil for one without.
    private static func node(
        _ type: String, _ dataName: String?, _ data: [(String, JSONText?)], _ nodes: [JSONText]
    ) -> JSONText {
        .object([
            ("type", .string(type)), ("nodes", .array(nodes)),
            (dataName ?? "", dataName == nil ? nil : JSONText.object(data)),
        ])
    }
}
