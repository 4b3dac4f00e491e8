/// What our pages may hold, written down a second time. Whatever else a browser would find in one is a breach.
enum HTMLRules {
    /// Everything that should not be there; empty for a good page.
    static func breaches(in html: String) -> [String] {
        var breaches = marks(in: html)
        var open: [String] = []
        for (index, token) in HTMLTokens.read(html).enumerated() {
            switch token {
            case .doctype: if index > 0 { breaches.append("a second doctype") }
            case .comment: breaches.append("a comment")
            case .text(let text): if hasStrangeReference(text) { breaches.append("a reference in \(text)") }
            case .end(let name): if open.popLast() != name { breaches.append("</\(name)> in the wrong place") }
            case .start(let name, let attributes):
                breaches += self.breaches(of: name, attributes)
                if !endless.contains(name) { open.append(name) }
            }
        }
        return breaches + open.map { "<\($0)> is never closed" }
    }

    /// An address of the web that shows which host it leads to.
    static func isWeb(_ address: String) -> Bool {
        let bytes = Array(address.utf8)
        let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard let scheme = ["https://", "http://"].first(where: { lower.starts(with: $0.utf8) }) else { return false }
        let host = bytes.dropFirst(scheme.utf8.count).prefix { !"/?#\\".utf8.contains($0) }
        // Who stands before an @ is not where it leads.
        return !host.isEmpty && !host.contains(UInt8(ascii: "@"))
            && bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"\"'<>\\`".utf8.contains($0) }
    }

    private static let endless: Set<String> = ["meta", "hr", "br", "img"]

    /// Elements, and the attributes that each may have.
    private static let allowed: [String: Set<String>] = [
        "html": ["lang", "dir"], "head": [], "meta": ["charset", "name", "content", "http-equiv"], "title": [],
        "style": [], "body": [], "main": ["class"], "nav": [], "article": [], "header": [], "footer": [],
        "figure": [], "img": ["src", "alt", "loading"], "time": ["datetime"], "span": ["class"], "div": ["class"],
        "a": ["href", "rel", "lang", "tabindex", "aria-hidden"], "p": ["class", "lang"], "ul": ["class"],
        "ol": ["start"], "li": ["class"], "h1": [], "h2": [], "h3": [], "h4": [], "h5": [], "h6": [],
        "blockquote": [], "pre": [], "code": [], "em": [], "strong": [], "br": [], "hr": [],
    ]

    /// Values that never vary.
    private static let fixed: [String: Set<String>] = [
        "class": [
            "facts", "lead", "note", "badge", "badge live", "tags", "shelf", "cards", "card", "words", "blank",
        ],
        "rel": ["nofollow noopener noreferrer ugc"], "dir": ["ltr", "rtl"], "tabindex": ["-1"],
        "aria-hidden": ["true"], "loading": ["lazy"], "charset": ["utf-8"],
        "name": ["viewport", "referrer", "description"], "http-equiv": ["Content-Security-Policy"],
    ]

    private static func breaches(of element: String, _ attributes: [HTMLTokens.Attribute]) -> [String] {
        guard let known = allowed[element] else { return ["<\(element)>"] }
        var breaches: [String] = []
        if Set(attributes.map(\.name)).count < attributes.count { breaches.append("<\(element)> says something twice") }
        for attribute in attributes {
            if !known.contains(attribute.name) || hasStrangeReference(attribute.value) || !isGood(attribute) {
                breaches.append("<\(element) \(attribute.name)=\"\(attribute.value)\">")
            }
        }
        let addresses = attributes.filter { $0.name == "href" }.map { read($0.value) }
        let isSilent = attributes.contains { $0.name == "rel" }
        if addresses.contains(where: isWeb), !isSilent { breaches.append("a link that tells where readers come from") }
        return breaches
    }

    private static func isGood(_ attribute: HTMLTokens.Attribute) -> Bool {
        if let values = fixed[attribute.name] { return values.contains(attribute.value) }
        switch attribute.name {
        case "href": return isWeb(read(attribute.value)) || isBeside(attribute.value, ending: "index.html")
        case "src": return isBeside(attribute.value, ending: ".png")
        case "start", "datetime":
            return (1...10).contains(attribute.value.utf8.count)
                && attribute.value.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: "-") }
        // Any words, as long as they end where the quotes do.
        default: return true
        }
    }

    /// A file of the same site: beside this page, in the folder of a post, or the index above.
    private static func isBeside(_ address: String, ending: String) -> Bool {
        if address == "../index.html" { return true }
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count) && address.hasSuffix(ending)
            && parts.allSatisfy { part in
                !part.isEmpty && part.first != "."
                    && part.utf8.allSatisfy {
                        (97...122).contains($0) || (48...57).contains($0) || "-.".utf8.contains($0)
                    }
            }
    }

    // MARK: Characters

    /// The references that our pages are written with; a browser knows two thousand more.
    private static let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]

    private static func hasStrangeReference(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return false }
        let pieces = text.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).dropFirst()
        return !pieces.allSatisfy { piece in references.contains { piece.starts(with: $0.0.utf8.dropFirst()) } }
    }

    private static func read(_ value: String) -> String {
        references.reduce(value) { text, reference in text.replacing(reference.0, with: reference.1) }
    }

    /// Controls, and marks that let text run over what follows it.
    private static func marks(in html: String) -> [String] {
        let found = html.unicodeScalars.first { scalar in
            switch scalar.value {
            case 0x09, 0x0A: false
            case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0xFEFF: true
            default: false
            }
        }
        return found.map { ["the character \($0.value)"] } ?? []
    }
}
