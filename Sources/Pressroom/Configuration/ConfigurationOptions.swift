import ArgumentParser

/// The flags every command shares: where the settings file is, and any single setting.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The settings file. Default: pressroom.yaml in this folder, if there is one.", valueName: "file"))
    var file: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("One setting, e.g. --set OPENAI_RPM=600. May be repeated.", valueName: "NAME=VALUE"))
    var settings: [String] = []

    func validate() throws {
        for setting in settings where Self.pair(setting) == nil {
            throw ValidationError("--set expects NAME=VALUE, such as --set OPENAI_RPM=600")
        }
    }

    /// The settings as flags. A command's own flags, such as `--port`, come in by setting name and win over `--set`.
    func flags(and own: [String: String] = [:]) -> [String: String] {
        let pairs = settings.compactMap(Self.pair)
        let set = Dictionary(pairs, uniquingKeysWith: { _, last in last })
        return set.merging(own) { _, own in own }
    }

    private static func pair(_ text: String) -> (String, String)? {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
        let name = text[..<equals].uppercased().replacing("-", with: "_")
        return (name, String(text[text.index(after: equals)...]))
    }
}
