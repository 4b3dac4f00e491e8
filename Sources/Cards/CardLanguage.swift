/// What a language tag means for fonts.
///
/// A closed list: Pango keeps every language it is told for ever, and Chinese, Japanese and Korean write the same
/// characters in different shapes.
struct CardLanguage: Sendable, Hashable {
    /// As Pango spells it.
    let tag: String
    /// The fonts in the order in which they are asked. Colour emoji are not among them: Pango finds those itself, and
    /// named here they would also draw digits and blanks.
    let fonts: String

    init(_ language: String) {
        let parts = language.split { $0 == "-" || $0 == "_" }.map { $0.lowercased() }
        let name = parts.first ?? "en"
        let isTraditional = parts.contains { ["hant", "tw", "hk", "mo"].contains($0) }
        switch name {
        case "ja": self.init(tag: "ja", chinese: "JP")
        case "ko": self.init(tag: "ko", chinese: "KR")
        case "zh" where isTraditional: self.init(tag: "zh-tw", chinese: "TC")
        case "zh", "yue": self.init(tag: "zh-cn", chinese: "SC")
        default: self.init(tag: Self.shaping.contains(name) ? name : "en", chinese: "SC")
        }
    }

    private init(tag: String, chinese region: String) {
        self.tag = tag
        fonts = "Inter, Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans CJK \(region)"
    }

    /// Languages that shape letters in a way of their own.
    private static let shaping: Set<String> = [
        "ar", "az", "bg", "ca", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "it", "ku", "mk", "mr", "ne",
        "nl",
        "pl", "pt", "ro", "ru", "sr", "th", "tr", "uk", "ur", "vi",
    ]
}
