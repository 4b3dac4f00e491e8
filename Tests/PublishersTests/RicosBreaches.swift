import Sandbox

/// What our Ricos documents may hold, written down a second time.
enum RicosBreaches {
    /// The member in which a node says more about itself, what stands there, and which nodes stand in it.
    private struct Shape {
        let data: String?
        let members: [String]
        let children: Set<String>
    }

    private static let blocks: Set<String> = [
        "PARAGRAPH", "HEADING", "BLOCKQUOTE", "CODE_BLOCK", "DIVIDER", "BULLETED_LIST", "ORDERED_LIST",
    ]

    private static let shapes: [String: Shape] = [
        "PARAGRAPH": Shape(data: "paragraphData", members: [], children: ["TEXT"]),
        "HEADING": Shape(data: "headingData", members: ["level"], children: ["TEXT"]),
        "CODE_BLOCK": Shape(data: "codeBlockData", members: [], children: ["TEXT"]),
        "BLOCKQUOTE": Shape(data: "blockquoteData", members: ["indentation"], children: ["PARAGRAPH"]),
        "BULLETED_LIST": Shape(data: "bulletedListData", members: ["indentation"], children: ["LIST_ITEM"]),
        "ORDERED_LIST": Shape(data: "orderedListData", members: ["indentation"], children: ["LIST_ITEM"]),
        "LIST_ITEM": Shape(data: nil, members: [], children: ["PARAGRAPH", "BULLETED_LIST", "ORDERED_LIST"]),
        "DIVIDER": Shape(data: "dividerData", members: ["lineStyle", "width", "alignment"], children: []),
        "TEXT": Shape(data: "textData", members: ["text", "decorations"], children: []),
    ]

    /// Everything that should not be there; empty for a good document.
    static func found(in nodes: [JSONValue]) -> [String] { nodes.flatMap { breaches(of: $0, among: blocks) } }

    private static func breaches(of node: JSONValue, among allowed: Set<String>) -> [String] {
        let type = node["type"]?.text ?? "a node without a type"
        guard allowed.contains(type), let shape = shapes[type], let children = node["nodes"]?.items else {
            return ["\(type) where it may not be"]
        }
        var breaches: [String] = []
        let names = node.object?.members.map(\.name) ?? []
        let expected = ["type", "nodes"] + [shape.data].compactMap(\.self)
        let members = shape.data.map { node[$0]?.object?.members.map(\.name) ?? ["nothing"] } ?? []
        if names != expected || members != shape.members {
            breaches.append("\(type) with \(names) and \(members)")
        }
        if let level = node["headingData"]?["level"], !(1...6).contains(level.whole ?? 0) {
            breaches.append("a heading of level \(level)")
        }
        let decorations = node["textData"]?["decorations"]?.items ?? []
        return breaches + decorations.filter { !isGood($0) }.map { "\($0)" }
            + children.flatMap { self.breaches(of: $0, among: shape.children) }
    }

    private static func isGood(_ decoration: JSONValue) -> Bool {
        let names = decoration.object?.members.map(\.name)
        switch decoration["type"]?.text {
        case "BOLD": return names == ["type", "fontWeightValue"] && decoration["fontWeightValue"]?.whole == 700
        case "ITALIC": return names == ["type", "italicData"] && decoration["italicData"]?.flag == true
        case "LINK":
            let link = decoration["linkData"]?["link"]
            return names == ["type", "linkData"] && link?.object?.members.map(\.name) == ["url", "target", "rel"]
                && link?["url"]?.text.map(HTMLRules.isWeb) == true
        default: return false
        }
    }
}
