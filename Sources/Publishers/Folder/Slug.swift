import Crypto

/// A name that is safe as a folder's name and in an address: a–z, 0–9 and single hyphens, at most 80 characters.
package struct Slug: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    static let lengthMax = 80

    /// Cleans `wish`: accents fall off, Greek and Cyrillic are written in Latin, the rest becomes hyphens.
    ///
    /// When nothing is left (a title in Chinese), the name is `fallback` and a short fingerprint of the wish.
    package init(cleaning wish: String, fallback: String = "post") {
        var cleaned = ""
        for scalar in wish.lowercased().unicodeScalars.prefix(400) {
            if let letters = Transliteration.latin(scalar) {
                cleaned += letters
            } else if !cleaned.isEmpty, !cleaned.hasSuffix("-"), !Transliteration.isMark(scalar) {
                cleaned += "-"
            }
        }
        text = cleaned.contains { $0 != "-" } ? Self.shortened(cleaned) : "\(fallback)-\(Self.fingerprint(of: wish))"
    }

    /// A slug as it stands in a receipt or on disk; nil when it is not one, so that no path can be smuggled in.
    package init?(exact text: String) {
        guard (1...Self.lengthMax + 8).contains(text.utf8.count), text.first != "-",
            text.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }

    /// The name itself, then with -2, -3, …
    func numbered(_ number: Int) -> Slug { number <= 1 ? self : Slug(unchecked: "\(text)-\(number)") }

    /// A name for `name` alone: two names that clean to the same text still differ.
    package static func unique(for name: String, fallback: String) -> Slug {
        let slug = Slug(cleaning: name, fallback: fallback)
        return slug.text == name ? slug : Slug(unchecked: "\(slug.text.prefix(60))-\(fingerprint(of: name))")
    }

    private static func shortened(_ text: String) -> String {
        var short = text.prefix(lengthMax)
        // Rather lose the last word than half of it.
        if text.count > lengthMax, let hyphen = short.lastIndex(of: "-"), hyphen > short.startIndex {
            short = short[..<hyphen]
        }
        while short.last == "-" { short = short.dropLast() }
        return String(short)
    }

    private static func fingerprint(of text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).prefix(4).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}
