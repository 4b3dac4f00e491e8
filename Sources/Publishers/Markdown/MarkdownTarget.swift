/// The `(address "title")` behind a link's text.
struct MarkdownTarget {
    /// Nil when the address is not one we link to; the text stays, the link does not.
    let url: String?
    /// The place behind the closing parenthesis.
    let end: Int

    static func read(_ text: [Unicode.Scalar], from start: Int) -> MarkdownTarget? {
        guard start < text.count, text[start] == "(" else { return nil }
        let limit = min(text.count, start + MarkdownInlines.urlLengthMax)
        var depth = 0
        var at = start
        while at < limit {
            switch text[at] {
            case "(":
                depth += 1
                // Addresses hold few; an unclosed `](` repeated over and over must not be read again and again.
                if depth > 4 { return nil }
            case ")":
                depth -= 1
                if depth == 0 { return MarkdownTarget(url: address(text[(start + 1)..<at]), end: at + 1) }
            case "\n": return nil
            default: break
            }
            at += 1
        }
        return nil
    }

    /// http and https with a host, and only characters that stand for themselves in an attribute.
    static func allowed(_ text: String) -> String? {
        let lower = text.prefix(8).lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy {
            $0.value > 0x20 && !(0x7F...0x9F).contains($0.value) && !"\"'<>\\`".unicodeScalars.contains($0)
                && !$0.properties.isDefaultIgnorableCodePoint && !$0.properties.isWhitespace
        }
        // By scalars: a sign that joins the "/" or "@" before it makes one character of both, and still ends the host.
        let host = text.unicodeScalars.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // User information before "@" shows one host and leads to another.
        return isPlain && !host.isEmpty && !host.contains("@") ? text : nil
    }

    private static func address(_ inside: ArraySlice<Unicode.Scalar>) -> String? {
        let trimmed = inside.drop { $0 == " " }
        if trimmed.first == "<" {
            return allowed(String(String.UnicodeScalarView(trimmed.dropFirst().prefix { $0 != ">" })))
        }
        return allowed(String(String.UnicodeScalarView(trimmed.prefix { $0 != " " })))
    }
}
