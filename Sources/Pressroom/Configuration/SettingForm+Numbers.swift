extension SettingForm<Int> {
    /// A whole number; underscores may group digits (`450_000`).
    static func integer(in bounds: ClosedRange<Int>) -> Self {
        Self("a whole number from \(bounds.lowerBound) to \(bounds.upperBound)", show: { String($0) }) { text in
            wholeNumber(text).flatMap { bounds.contains($0) ? $0 : nil }
        }
    }

    /// A size in bytes, written with its unit: `512B`, `64KiB`, `1MiB`, `1GiB`.
    static func bytes(in bounds: ClosedRange<Int>) -> Self {
        Self(
            "a size such as `64KiB` or `1MiB`, from \(ByteSize.text(bounds.lowerBound)) to \(ByteSize.text(bounds.upperBound))",
            show: ByteSize.text
        ) { text in
            ByteSize.parse(text).flatMap { bounds.contains($0) ? $0 : nil }
        }
    }
}

extension SettingForm<Int?> {
    /// A whole number, or `off` for no limit.
    static func limit(in bounds: ClosedRange<Int>) -> Self {
        let number = SettingForm<Int>.integer(in: bounds)
        return Self("\(number.expected), or `off`", show: { $0.map(number.show) ?? "off" }) { text in
            text.lowercased() == "off" ? .some(nil) : number.parse(text).map { .some($0) }
        }
    }
}

extension SettingForm<Double> {
    /// A plain decimal number, without exponent.
    static func decimal(in bounds: ClosedRange<Double>) -> Self {
        let lower = NumberText.decimal(bounds.lowerBound)
        let upper = NumberText.decimal(bounds.upperBound)
        return Self("a number from \(lower) to \(upper)", show: NumberText.decimal) { text in
            NumberText.parseDecimal(text).flatMap { bounds.contains($0) ? $0 : nil }
        }
    }
}

extension SettingForm<Duration> {
    /// A length of time with its unit: `400ms`, `15s`, `10m`, `2h`.
    static func duration(in bounds: ClosedRange<Duration>) -> Self {
        let lower = DurationText.text(bounds.lowerBound)
        let upper = DurationText.text(bounds.upperBound)
        return Self("a duration such as `400ms`, `15s` or `10m`, from \(lower) to \(upper)", show: DurationText.text) {
            DurationText.parse($0).flatMap { bounds.contains($0) ? $0 : nil }
        }
    }
}

private func wholeNumber(_ text: String) -> Int? {
    // `Int` would take a leading plus, and underscores only between digits make sense.
    let grouped = text.split(separator: "_", omittingEmptySubsequences: false)
    guard grouped.allSatisfy({ !$0.isEmpty }), text.first != "+" else { return nil }
    return Int(grouped.joined())
}
