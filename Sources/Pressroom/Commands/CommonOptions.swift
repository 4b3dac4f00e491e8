import ArgumentParser
import Foundation
import Logging

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    @Flag(name: .long, help: "Answer with one JSON object on standard output.")
    var json = false

    func settings(_ own: [String: String] = [:]) throws -> Configuration {
        try Configuration.load(
            flags: configuration.flags(and: own), file: configuration.file, environment: Surroundings.environment)
    }
}

extension [String: String] {
    /// A command's own flags, by setting name; those that were not given are left out.
    static func flags(_ pairs: KeyValuePairs<String, Any?>) -> [String: String] {
        var flags: [String: String] = [:]
        for (name, value) in pairs { if let value { flags[name] = "\(value)" } }
        return flags
    }
}
