import Blog
import Foundation
import Outbound

/// Everything a person can set, read once, whole, when the program starts.
///
/// Values come from four places and the first that has one wins: flags, the environment, a YAML file, our defaults.
/// Every value is bounded, and every problem of every place is reported together, so that one change repairs them
/// all. Nothing below the command line reads a flag, the environment or the file: it receives the values it needs.
///
/// A setting has one name, written `DB_POOL_MAX` in the environment and `db_pool_max` in the file, where a section
/// may carry the common beginning (`db: {pool_max: 50}`). Durations read `400ms`, `15s`, `10m`, `2h`; sizes `64KiB`.
///
/// - Invariant: no description, error or report made here contains a secret.
struct Configuration: Sendable {
    let storage: Storage
    let serving: Serving
    let logs: Logs
    let outgoing: Outgoing
    let languageModel: LanguageModel
    let fallbackModel: FallbackModel
    let images: Images
    let work: Work
    let publishing: Publishing
    let wix: Wix
    let arena: Arena
    let sandbox: Sandbox
    let prices: Prices

    /// Every setting with the value in force and where it came from, in the order of the documentation.
    let report: [SettingReport]

    /// Reads all settings.
    ///
    /// - Throws: ``ConfigurationError`` with every problem found, in the order in which the settings are documented.
    init(reading sources: ConfigurationSources) throws(ConfigurationError) {
        var reader = SettingReader(sources)
        storage = Storage(&reader)
        serving = Serving(&reader)
        logs = Logs(&reader)
        outgoing = Outgoing(&reader)
        languageModel = LanguageModel(&reader)
        fallbackModel = FallbackModel(&reader)
        images = Images(&reader, besides: languageModel)
        work = Work(&reader)
        publishing = Publishing(&reader)
        wix = Wix(&reader)
        arena = Arena(&reader)
        sandbox = Sandbox(&reader, languageModel: languageModel, images: images)
        prices = Prices(&reader)
        report = try reader.finish()
    }

    /// The address at which people reach the server, without a trailing slash: links in pages and webhooks use it.
    var publicURL: String {
        guard let url = serving.publicURL else { return "http://\(serving.hostInURL):\(serving.port)" }
        return url.description.hasSuffix("/") ? String(url.description.dropLast()) : url.description
    }

    /// Whether text comes from the simulated model: asked for, or because no key is configured.
    var usesSandboxForLanguageModel: Bool { sandbox.replaces(key: languageModel.key) }

    /// Whether images come from the simulated provider: asked for, or because the chosen one has no key.
    var usesSandboxForImages: Bool { images.provider != .none && sandbox.replaces(key: images.key) }

    /// Whether posts go to a simulated Wix: they would go to Wix, and no app is configured.
    var usesSandboxForWix: Bool { publishing.publisher == .wix && sandbox.replaces(key: wix.appSecret) }

    /// Whether anything comes from the sandbox.
    var usesSandbox: Bool { usesSandboxForLanguageModel || usesSandboxForImages || usesSandboxForWix }
}

extension Configuration: CustomStringConvertible, CustomDebugStringConvertible {
    /// One line a setting: name, value (a secret shows only that it is set) and where it came from.
    var redactedDescription: String {
        let nameWidth = report.map(\.name.count).max() ?? 0
        let valueWidth = report.map(\.value.count).max() ?? 0
        return report.map { setting in
            let name = setting.name.padding(toLength: nameWidth, withPad: " ", startingAt: 0)
            let value = setting.value.padding(toLength: valueWidth, withPad: " ", startingAt: 0)
            return "\(name)  \(value)  \(setting.source)"
        }.joined(separator: "\n")
    }

    var description: String { redactedDescription }
    var debugDescription: String { redactedDescription }
}
