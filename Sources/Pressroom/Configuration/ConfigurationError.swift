/// Why the program cannot start with these settings: every problem, not only the first.
struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One setting that cannot be used.
    struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The setting's name as its place writes it, or the file's name when the file itself is at fault.
        let key: String
        /// What was given, shortened; `nil` when nothing was given or nothing may be shown.
        let shown: String?
        /// What would have been right.
        let expected: String
        let source: SettingSource

        var description: String {
            let given = shown.map { " = \($0)" } ?? ""
            return "\(key)\(given) (\(source)): \(expected)"
        }
    }

    /// In the order in which the settings are documented, problems of the file as a whole first.
    let problems: [Problem]

    let code = "configuration.invalid"
    let hint = "Correct the settings above. `pressroom doctor` shows every setting, its value and where it comes from."

    var message: String {
        problems.count == 1 ? "1 setting cannot be used" : "\(problems.count) settings cannot be used"
    }

    /// The message, one line a problem, and the hint. Contains no secret.
    var description: String {
        "\(message):\n" + problems.map { "  \($0)\n" }.joined() + hint
    }
}
