import Logging
import Outbound

extension SettingForm<String> {
    /// Text of one line.
    static func line(_ expected: String, upTo lengthMax: Int = 200, where isValid: (@Sendable (String) -> Bool)? = nil)
        -> Self
    {
        Self(expected, show: { $0 }) { text in
            let isLine = !text.isEmpty && text.count <= lengthMax && !text.unicodeScalars.contains { $0.value < 32 }
            return isLine && isValid?(text) ?? true ? text : nil
        }
    }

    /// A name without blanks, as models and hosts have.
    static func word(_ expected: String, where isValid: (@Sendable (String) -> Bool)? = nil) -> Self {
        line(expected) { !$0.contains(where: \.isWhitespace) && isValid?($0) ?? true }
    }
}

extension SettingForm<OutboundURL> {
    /// An `http` or `https` address without user name, query or fragment.
    static var webAddress: Self {
        Self(
            "an address such as `https://example.org/v1`, without user name or query", show: { $0.description },
            showRefused: { $0.contains("@") || $0.contains("?") ? "‹address that may hold a key›" : quoted($0) },
            parse: { text in
                // Why it is no address does not matter here: `expected` says what is one.
                guard let url = try? OutboundURL(text), url.query == nil else { return nil }
                return url
            })
    }
}

extension SettingForm<Secret> {
    /// A key or token: one word of printable characters, never shown.
    static func secret(_ expected: String, atLeast lengthMin: Int = 1) -> Self {
        Self(expected, show: { _ in "‹secret›" }, showRefused: { _ in "‹secret›" }) { text in
            let isWord = text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value != 127 }
            return isWord && (lengthMin...4096).contains(text.count) ? Secret(text) : nil
        }
    }
}

extension SettingForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of a closed set.
    static var choice: Self {
        let words = Value.allCases.map(\.rawValue)
        return Self("one of " + words.joined(separator: ", "), show: { $0.rawValue }) {
            Value(rawValue: $0.lowercased())
        }
    }
}

extension SettingForm<Logger.Level> {
    /// A level by name, or by number: 0–5 (2 is info) or 10–60 (30 is info), as older deployments write it.
    static var logLevel: Self {
        let levels: [String: Logger.Level] = [
            "warn": .warning, "fatal": .critical,
            "0": .trace, "1": .debug, "2": .info, "3": .warning, "4": .error, "5": .critical,
            "10": .trace, "20": .debug, "30": .info, "40": .warning, "50": .error, "60": .critical,
        ]
        let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        return Self("one of \(names), or a number (2 or 30 is info)", show: { $0.rawValue }) { text in
            Logger.Level(rawValue: text.lowercased()) ?? levels[text.lowercased()]
        }
    }
}
