/// The places settings are read from, as values: parsing them touches neither the process nor the disk.
struct ConfigurationSources: Sendable {
    /// What the command line set, by setting name (`PORT`), exactly as typed.
    var flags: [String: String] = [:]
    /// The process environment. Names that are not ours are ignored; a blank value counts as not set.
    var environment: [String: String] = [:]
    /// The settings file, when there is one.
    var file: ConfigurationFile?
}

/// A settings file that was asked for or found: its name for messages, and its text or why there is none.
struct ConfigurationFile: Sendable {
    enum Contents: Sendable {
        case text(String)
        /// The reason, as the system words it.
        case unreadable(String)
    }

    let name: String
    let contents: Contents

    /// - Parameter name: the path as the person wrote it.
    init(name: String, contents: Contents) {
        self.name = name
        self.contents = contents
    }

    init(name: String, text: String) {
        self.init(name: name, contents: .text(text))
    }
}
