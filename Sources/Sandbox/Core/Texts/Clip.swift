import Foundation

/// Shortening without cutting words.
package enum Clip {
    /// The text, or as many whole words as fit into `max` characters with an ellipsis after them.
    package static func words(_ text: String, max: Int) -> String {
        guard text.count > max else { return text }
        var kept = text.prefix(Swift.max(0, max - 1))
        if let space = kept.lastIndex(where: \.isWhitespace) { kept = kept[..<space] }
        while let last = kept.last, !last.isLetter, !last.isNumber { kept.removeLast() }
        return kept + "…"
    }
}

/// Names for addresses of pages.
package enum Slug {
    private static let lengthMax = 70

    /// Lower-case ASCII letters and digits, other scripts transcribed, words joined by dashes.
    package static func slug(of title: String) -> String {
        let latin = title.applyingTransform(.toLatin, reverse: false) ?? title
        let plain = (latin.applyingTransform(.stripDiacritics, reverse: false) ?? latin).lowercased()
        let words = plain.replacing("'", with: "").replacing("’", with: "")
            .split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var slug = ""
        for word in words where slug.count + word.count < lengthMax {
            slug += (slug.isEmpty ? "" : "-") + word
        }
        return slug.isEmpty ? "article-" + String(Chance.hash(title) % 100_000) : slug
    }
}
