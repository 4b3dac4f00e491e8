/// Decimal numbers as people write them in settings: digits and at most one point.
enum NumberText {
    /// `nil` for signs, exponents, hexadecimal, `nan` and anything else that `Double` would take.
    static func parseDecimal(_ text: some StringProtocol) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), text.count <= 20 else { return nil }
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
        return Double(String(text))
    }

    /// Without needless zeros: `1`, `1.5`.
    static func decimal(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
