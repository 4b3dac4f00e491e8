import Foundation

extension Configuration {
    /// The settings file that is read when it exists and none is named.
    static let standardFile = "pressroom.yaml"

    /// Reads the settings of this process: the edge where text comes in; everything else is ``init(reading:)``.
    ///
    /// The file is the one named by `--config`, else by `PRESSROOM_CONFIG`, else `pressroom.yaml` when it exists.
    /// - Parameter flags: by setting name, as typed.
    /// - Throws: ``ConfigurationError`` with every problem; a named file that cannot be read is one of them.
    static func load(
        flags: [String: String] = [:], file: String? = nil, environment: [String: String]
    ) throws(ConfigurationError) -> Configuration {
        let named = file ?? environment["PRESSROOM_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        var environment = environment
        // Other programs read these in small letters as well.
        for name in ["HTTPS_PROXY", "NO_PROXY"] where environment[name] == nil {
            environment[name] = environment[name.lowercased()]
        }
        let sources = ConfigurationSources(flags: flags, environment: environment, file: settingsFile(named: named))
        return try Configuration(reading: sources)
    }

    private static func settingsFile(named name: String?) -> ConfigurationFile? {
        let path = name ?? standardFile
        guard name != nil || FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            guard let text = String(validating: data, as: UTF8.self) else {
                return ConfigurationFile(name: path, contents: .unreadable("it is not UTF-8 text"))
            }
            return ConfigurationFile(name: path, text: text)
        } catch {
            return ConfigurationFile(name: path, contents: .unreadable(reason(error)))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "permission denied"
        default: "it is not a readable file"
        }
    }
}
