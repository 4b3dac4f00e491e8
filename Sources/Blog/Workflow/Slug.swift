import Foundation

/// The part of an address that names an article: lower-case Latin letters, digits and single hyphens.
enum Slug {
    static let lengthMax = 80

    /// - Parameter fallback: for titles that have no Latin letter.
    static func make(_ wish: String, or title: String, fallback: String) -> String {
        let slug = clean(wish)
        if !slug.isEmpty { return slug }
        let other = clean(title)
        return other.isEmpty ? fallback : other
    }

    private static func clean(_ text: String) -> String {
        let folded = text.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
        let parts = folded.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var slug = ""
        for part in parts {
            let longer = slug.isEmpty ? String(part) : "\(slug)-\(part)"
            if longer.count > lengthMax { break }
            slug = longer
        }
        return slug.isEmpty ? String(parts.first?.prefix(lengthMax) ?? "") : slug
    }
}
