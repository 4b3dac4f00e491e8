/// Where a value came from.
enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    case flag
    case environment
    /// A line of the settings file; lines count from one.
    case file(name: String, line: Int?)
    case standard

    var description: String {
        switch self {
        case .flag: "flag"
        case .environment: "environment"
        case .file(let name, let line): line.map { "\(name):\($0)" } ?? name
        case .standard: "default"
        }
    }
}

/// One setting as it is in force, safe to show and log.
struct SettingReport: Sendable, Hashable, Encodable {
    /// The name as the environment writes it.
    let name: String
    /// The value as a person would write it; `‹secret›` for a secret that is set, `–` for what is not set.
    let value: String
    let source: String

    init(name: String, value: String, source: SettingSource) {
        self.name = name
        self.value = value
        self.source = source.description
    }
}
