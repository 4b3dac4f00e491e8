import Outbound

/// How a setting is written: what is expected, how text becomes a value, and how a value is shown.
struct SettingForm<Value: Sendable>: Sendable {
    /// Completes "expected …" in a message.
    let expected: String
    /// The value, or `nil` when the text is malformed or out of bounds.
    let parse: @Sendable (String) -> Value?
    /// The value as a person would write it; must be safe to log.
    let show: @Sendable (Value) -> String
    /// Text that was refused, made safe to show. Never called with text that `parse` accepts.
    let showRefused: @Sendable (String) -> String

    init(
        _ expected: String,
        show: @escaping @Sendable (Value) -> String,
        showRefused: @escaping @Sendable (String) -> String = SettingForm.quoted,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.expected = expected
        self.parse = parse
        self.show = show
        self.showRefused = showRefused
    }

    /// In quotes, shortened to 60 characters, control characters made visible.
    static func quoted(_ text: String) -> String {
        let visible = text.prefix(60).map { $0.isNewline || $0.asciiValue.map { $0 < 32 } == true ? "␣" : $0 }
        return "\"\(String(visible))\(text.count > 60 ? "…" : "")\""
    }
}
