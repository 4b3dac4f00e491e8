/// What a Ricos document must be, checked as Wix checks it.
enum RicosRules {
    private static let containers: Set<String> = [
        "BULLETED_LIST", "ORDERED_LIST", "LIST_ITEM", "BLOCKQUOTE", "TABLE", "TABLE_ROW", "TABLE_CELL",
    ]
    private static let textual: Set<String> = ["PARAGRAPH", "HEADING", "CODE_BLOCK", "CAPTION"]
    private static let leaves: Set<String> = ["DIVIDER", "IMAGE", "HTML", "VIDEO", "BUTTON"]
    private static let decorations: Set<String> = ["BOLD", "ITALIC", "UNDERLINE", "STRIKETHROUGH", "LINK", "COLOR"]
    /// What may stand in what, where it matters.
    private static let children: [String: Set<String>] = [
        "BULLETED_LIST": ["LIST_ITEM"], "ORDERED_LIST": ["LIST_ITEM"],
        "LIST_ITEM": ["PARAGRAPH", "BULLETED_LIST", "ORDERED_LIST"], "BLOCKQUOTE": ["PARAGRAPH"],
        "TABLE": ["TABLE_ROW"], "TABLE_ROW": ["TABLE_CELL"], "TABLE_CELL": ["PARAGRAPH"],
    ]

    /// - Throws: what is wrong first.
    static func check(_ document: JSONValue?) throws(WixProblem) {
        guard let nodes = document?["nodes"]?.items else {
            throw .invalid("draftPost.richContent.nodes", "must be an array")
        }
        for node in nodes {
            guard node["type"]?.text != "TEXT" else {
                throw .invalid("draftPost.richContent", "Expected a paragraph node but found TEXT")
            }
            try check(node, depth: 0)
        }
    }

    private static func check(_ node: JSONValue, depth: Int) throws(WixProblem) {
        let type = node["type"]?.text ?? ""
        guard depth < 20, containers.contains(type) || textual.contains(type) || leaves.contains(type) else {
            throw .invalid("draftPost.richContent", "Unknown node type \(type.prefix(40))")
        }
        for child in node["nodes"]?.items ?? [] {
            let childType = child["type"]?.text ?? ""
            if textual.contains(type) {
                guard childType == "TEXT" else {
                    throw .invalid("draftPost.richContent", "Expected a text node but found \(childType.prefix(40))")
                }
                try checkText(child, mayBreak: type == "CODE_BLOCK")
            } else {
                guard childType != "TEXT" else {
                    throw .invalid("draftPost.richContent", "Expected a paragraph node but found TEXT")
                }
                if let allowed = children[type], !allowed.contains(childType) {
                    throw .invalid("draftPost.richContent", "\(childType.prefix(40)) cannot stand in \(type)")
                }
                try check(child, depth: depth + 1)
            }
        }
        if type == "IMAGE" { try checkPicture(node["imageData"]?["image"]) }
        if type == "LIST_ITEM", node["nodes"]?.items?.first?["type"]?.text != "PARAGRAPH" {
            throw .invalid("draftPost.richContent", "Expected a paragraph node in LIST_ITEM")
        }
    }

    private static func checkPicture(_ image: JSONValue?) throws(WixProblem) {
        guard image?["src"]?["id"]?.text != nil, image?["width"]?.whole != nil, image?["height"]?.whole != nil else {
            throw .invalid("draftPost.richContent", "IMAGE needs an id, a width and a height")
        }
    }

    private static func checkText(_ node: JSONValue, mayBreak: Bool) throws(WixProblem) {
        guard let text = node["textData"]?["text"]?.text else {
            throw .invalid("draftPost.richContent", "TEXT has no text")
        }
        guard mayBreak || !text.contains(where: \.isNewline) else {
            throw .invalid("draftPost.richContent", "TEXT has a line end")
        }
        for decoration in node["textData"]?["decorations"]?.items ?? [] {
            let type = decoration["type"]?.text ?? ""
            guard decorations.contains(type) else {
                throw .invalid("draftPost.richContent", "Unknown decoration \(type.prefix(40))")
            }
            guard type == "LINK" else { continue }
            let url = decoration["linkData"]?["link"]?["url"]?.text ?? ""
            guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
                throw .invalid("draftPost.richContent", "LINK has no address")
            }
        }
    }
}
