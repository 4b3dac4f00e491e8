import Outbound

/// Reads settings one by one and remembers everything that is wrong, to report it at the end.
///
/// A setting with a problem reads as its default so that reading can go on; ``finish()`` then throws, so that value
/// is never used.
struct SettingReader {
    private let flags: [String: String]
    private let environment: [String: String]
    private var file: FileSettings
    private var known: [String] = []
    private var report: [SettingReport] = []
    private var problems: [ConfigurationError.Problem]

    init(_ sources: ConfigurationSources) {
        flags = sources.flags
        environment = sources.environment
        file = FileSettings(sources.file)
        problems = file.problems
    }

    /// The setting `name`, or `standard` when no place gives it.
    mutating func value<Value>(_ name: String, _ form: SettingForm<Value>, default standard: Value) -> Value {
        read(name, form) ?? note(name, form.show(standard), from: .standard, as: standard)
    }

    /// The setting `name`, or `nil` when no place gives it.
    mutating func optional<Value>(_ name: String, _ form: SettingForm<Value>) -> Value? {
        read(name, form) ?? note(name, "–", from: .standard, as: nil)
    }

    /// Whether a flag, the environment or the file gives `name`, rightly or wrongly.
    func isGiven(_ name: String) -> Bool { given(name) != nil }

    /// Takes the entries of one section of the file out, for settings whose names the operator makes up.
    mutating func fileSection(_ name: String) -> [FileSettings.Entry] { file.takeSection(name) }

    /// Adds a line to the report, for a setting that is read from a section.
    mutating func note(_ name: String, _ shown: String, from source: SettingSource) {
        report.append(SettingReport(name: name, value: shown, source: source))
    }

    /// Remembers that `name` as given cannot be used.
    mutating func refuse(_ name: String, shown: String?, _ expected: String, from source: SettingSource? = nil) {
        let source = source ?? given(name)?.source ?? .standard
        problems.append(ConfigurationError.Problem(key: name, shown: shown, expected: expected, source: source))
    }

    /// Ends reading: what was read, or everything that is wrong, names nobody asked for included.
    mutating func finish() throws(ConfigurationError) -> [SettingReport] {
        for name in flags.keys.sorted() where !known.contains(name) {
            refuseUnknown(name, from: .flag, inLowerCase: false)
        }
        for entry in file.unread { refuseUnknown(entry.key, from: entry.source, inLowerCase: true) }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return report
    }

    private mutating func read<Value>(_ name: String, _ form: SettingForm<Value>) -> Value? {
        known.append(name)
        defer { file.markRead(name) }
        guard let (text, source) = given(name) else { return nil }
        guard let value = form.parse(text) else {
            refuse(name, shown: form.showRefused(text), "expected \(form.expected)", from: source)
            return nil
        }
        return note(name, form.show(value), from: source, as: value)
    }

    private mutating func note<Value>(
        _ name: String, _ shown: String, from source: SettingSource, as value: Value
    ) -> Value {
        note(name, shown, from: source)
        return value
    }

    /// The first place that has the setting. A blank in the environment or the file means "not set"
    /// (compose files pass unset variables so); a blank flag was typed, so it counts.
    private func given(_ name: String) -> (text: String, source: SettingSource)? {
        if let text = flags[name] { return (text.trimmed, .flag) }
        if let text = environment[name]?.trimmed, !text.isEmpty { return (text, .environment) }
        if let entry = file.entry(name), !entry.text.isEmpty { return (entry.text, entry.source) }
        return nil
    }

    /// The value stays unshown: it may be a secret under a misspelt name.
    private mutating func refuseUnknown(_ name: String, from source: SettingSource, inLowerCase: Bool) {
        let nearest = NearestName(among: known + ["PRICES"]).match(for: name)
        let shown = nearest.map { inLowerCase ? $0.lowercased() : $0 }
        let advice = shown.map { "unknown setting; did you mean `\($0)`?" } ?? "unknown setting"
        refuse(name, shown: nil, advice, from: source)
    }
}

extension String {
    /// Without blanks and newlines at either end, which copying brings along.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
