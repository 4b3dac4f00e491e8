import Logging

extension Configuration {
    /// What is logged, and how it looks.
    struct Logs: Sendable {
        enum Format: String, CaseIterable, Sendable {
            /// For people.
            case text
            /// For machines: one JSON object a line.
            case json
        }

        let level: Logger.Level
        let format: Format

        init(_ reader: inout SettingReader) {
            level = reader.value("LOG_LEVEL", .logLevel, default: .info)
            format = reader.value("LOG_FORMAT", .choice, default: .text)
        }
    }
}
