import Foundation
import Outbound
import Sandbox
import Testing

@testable import Publishers

@Suite struct `A Ricos document` {
    static let cases: [(String, String)] = [
        ("Plain.", #"P[T"Plain."]"#),
        ("# One\n\n### Two", #"H2[T"One"] P[] H4[T"Two"]"#),
        ("a **b** *c* ***d*** [e](https://e.example)", #"P[T"a " T"b"B T" " T"c"I T" " T"d"IB T" " T"e"L]"#),
        ("one\\\ntwo", #"P[T"one"] P[T"two"]"#),
        ("- a\n- b\n  - c", #"UL[LI[P[T"a"]] LI[P[T"b"] UL[LI[P[T"c"]]]]]"#),
        ("1. a\n2. b", #"OL[LI[P[T"a"]] LI[P[T"b"]]]"#),
        ("> said\n> so", #"Q[P[T"said so"]]"#),
        ("```\nlet a = 1\nlet b = 2\n```", "C[T\"let a = 1\nlet b = 2\"]"),
        ("a\n\n---\n\nb", #"P[T"a"] P[] HR[] P[] P[T"b"]"#),
        ("[x](javascript:alert(1)) <script>alert(1)</script>", #"P[T"x" T" <script>alert(1)</script>"]"#),
        ("![a picture](https://e.example/x.png)", #"P[T"a picture"]"#),
        ("", ""),
    ]

    @Test(arguments: cases)
    func `has the nodes of its Markdown`(_ markdown: String, _ expected: String) throws {
        let nodes = try parsed(RicosDocument(MarkdownDocument(markdown)))

        #expect(nodes.map(Self.sketch).joined(separator: " ") == expected)
    }

    @Test func `holds no line end outside code, whatever the text`() throws {
        for text in HostileTexts.some(2_000, seed: 7) {
            let nodes = try parsed(RicosDocument(MarkdownDocument(text)))
            for node in nodes { try check(node, inCode: false) }
        }
    }

    private func parsed(_ document: RicosDocument) throws -> [JSONValue] {
        try JSONValue(parsing: document.json.bytes)["nodes"]?.items ?? []
    }

    private func check(_ node: JSONValue, inCode: Bool) throws {
        let type = try #require(node["type"]?.text)
        try #require(
            [
                "PARAGRAPH", "HEADING", "BULLETED_LIST", "ORDERED_LIST", "LIST_ITEM", "BLOCKQUOTE", "CODE_BLOCK",
                "DIVIDER",
                "TEXT",
            ].contains(type))
        if type == "TEXT" {
            let text = try #require(node["textData"]?["text"]?.text)
            try #require(inCode || !text.contains(where: \.isNewline))
            for decoration in node["textData"]?["decorations"]?.items ?? [] {
                try #require(["BOLD", "ITALIC", "LINK"].contains(decoration["type"]?.text ?? ""))
                if let url = decoration["linkData"]?["link"]?["url"]?.text {
                    try #require(url.lowercased().hasPrefix("https://") || url.lowercased().hasPrefix("http://"))
                }
            }
        }
        for child in node["nodes"]?.items ?? [] { try check(child, inCode: type == "CODE_BLOCK") }
    }

    /// `H2[T"One"B]` for a heading with a bold text.
    private static func sketch(_ node: JSONValue) -> String {
        let inner = (node["nodes"]?.items ?? []).map(sketch).joined(separator: " ")
        let name: String
        switch node["type"]?.text {
        case "TEXT":
            let marks = (node["textData"]?["decorations"]?.items ?? []).compactMap { $0["type"]?.text?.first }
            return "T\"\(node["textData"]?["text"]?.text ?? "")\"\(String(marks))"
        case "HEADING": name = "H\(node["headingData"]?["level"]?.whole ?? 0)"
        case "PARAGRAPH": name = "P"
        case "BULLETED_LIST": name = "UL"
        case "ORDERED_LIST": name = "OL"
        case "LIST_ITEM": name = "LI"
        case "BLOCKQUOTE": name = "Q"
        case "CODE_BLOCK": name = "C"
        case "DIVIDER": name = "HR"
        case let other: name = other ?? "?"
        }
        return "\(name)[\(inner)]"
    }
}

/// Texts made of what breaks converters: markup of all kinds, unfinished, nested and mixed.
enum HostileTexts {
    private static let pieces = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "](", "**", "*", "_",
        "`",
        "```", "> ", "- ", "1. ", "# ", "\n", "\n\n", "\\", "&lt;", "\u{2028}", "\u{0}", "\u{200F}", "🦊", "ع", "漢字",
        "[a](https://e.example)", "[a](http://u@e.example)", "![x](https://e.example/i.png)", "<a href=\"data:x\">",
        "{{",
        "\"", "}", "\t", " ", "word", "---", "| a | b |", "\r\n", "]]>", "-->",
    ]

    static func some(_ count: Int, seed: UInt64) -> [String] {
        var chance = Chance(seed: seed)
        return (0..<count).map { _ in
            (0..<(1 + chance.index(below: 40))).map { _ in chance.pick(pieces) }.joined()
        }
    }
}
