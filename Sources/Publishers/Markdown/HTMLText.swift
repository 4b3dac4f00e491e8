/// Text on its way into HTML.
package enum HTMLText {
    /// Escapes for element content and for attributes in double quotes. Drops controls, and the marks that make text
    /// run backwards over what follows it.
    package static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: mayNeedEscaping) else { return text }
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + text.utf8.count / 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{FEFF}": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Most text needs nothing, and looking at bytes is ten times faster than at letters.
    private static func mayNeedEscaping(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        case 0x0A, 0x09: false
        // The first bytes of the marks that are dropped.
        case 0xC2, 0xE2, 0xEF, 0x7F: true
        default: byte < 0x20
        }
    }
    /// The words of HTML that somebody else wrote: without elements, with the common entities read. For prompts and
    /// plain text only; what comes out is no safer than what went in.
    package static func plain(_ html: String) -> String {
        var words = ""
        var isInside = false
        for character in html {
            switch character {
            case "<":
                isInside = true
                words.append(" ")
            case ">" where isInside: isInside = false
            default: if !isInside { words.append(character) }
            }
        }
        for (entity, text) in [
            ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            words = words.split(separator: entity, omittingEmptySubsequences: false).joined(separator: text)
        }
        return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
