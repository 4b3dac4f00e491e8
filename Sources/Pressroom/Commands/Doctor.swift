import ArgumentParser
import Database
import Foundation
import Logging
import ProductKit
import Providers

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show every setting and where it comes from, and check database, providers and output folder.",
        discussion: "Ends with status 0 when all is well, and with 69 when something is not.")

    @OptionGroup var common: CommonOptions

    /// One thing that was looked at.
    struct Finding: Encodable {
        let what: String
        let isWell: Bool
        let detail: String
        let hint: String?
    }

    private struct Report: Encodable {
        struct Setting: Encodable {
            let name: String
            let value: String
            let source: String
        }
        let settings: [Setting]
        let findings: [Finding]
    }

    func run() async throws {
        let settings = try common.settings()
        let logger = Surroundings.logger(settings.logs, quiet: true)
        let check = ProviderCheck(settings, logger)
        let findings =
            await [
                checkDatabase(settings, logger), checkOutput(settings), text(settings, check),
                images(settings, check),
            ] + fallback(settings, check) + wix(settings) + Self.port(settings)
        if common.json {
            let listed = settings.report.map { Report.Setting(name: $0.name, value: $0.value, source: "\($0.source)") }
            JSONReport.print(Report(settings: listed, findings: findings))
        } else {
            TextReport.print(settings.redactedDescription + "\n")
            for finding in findings {
                TextReport.print("\(finding.isWell ? "ok     " : "PROBLEM") \(finding.what): \(finding.detail)")
                if let hint = finding.hint { TextReport.print("        \(hint)") }
            }
        }
        if findings.contains(where: { !$0.isWell }) { throw ExitCode(FailureReport.Status.unavailable.rawValue) }
    }

    private func checkDatabase(_ settings: Configuration, _ logger: Logger) async -> Finding {
        await Self.look("database") {
            let storage = try await OpenStorage.open(settings.storage, logger: logger)
            do {
                let weak = try await storage.durability()
                let statuses = try await storage.migrator.status()
                await storage.close()
                guard weak.isEmpty else { return (false, weak.map(\.description).joined(separator: "; "), nil) }
                let pending = statuses.count { $0.state == .pending }
                if statuses.contains(where: { $0.state == .unknown }) {
                    return (false, "the schema is newer than this program", "Upgrade this program.")
                }
                return pending == 0
                    ? (true, "reachable, schema up to date", nil)
                    : (
                        true, "reachable, \(pending) migrations to come",
                        "They run at the first start, or: pressroom migrate up"
                    )
            } catch {
                await storage.close()
                throw error
            }
        }
    }

    private func checkOutput(_ settings: Configuration) async -> Finding {
        await Self.look("output") {
            try OutputFolder.require(settings.publishing.output)
            return (true, "articles go to \(settings.publishing.output)", nil)
        }
    }

    private func text(_ settings: Configuration, _ check: ProviderCheck) async -> Finding {
        settings.usesSandboxForLanguageModel
            ? Finding(
                what: "language model", isWell: true, detail: "sandbox (no OPENAI_API_KEY)",
                hint: "Set OPENAI_API_KEY to write with a real model.")
            : await Self.look("language model") {
                let found = try await Self.models(
                    settings.models, at: settings.languageModelEndpoint, check,
                    hint: "Set OPENAI_MODEL_IDEAS and OPENAI_MODEL_ARTICLE to others.")
                return Self.booked(found, settings.models.filter { settings.prices[$0] == nil }, "texts")
            }
    }

    private func fallback(_ settings: Configuration, _ check: ProviderCheck) async -> [Finding] {
        guard let endpoint = settings.fallbackEndpoint, !settings.usesSandboxForLanguageModel else { return [] }
        return await [
            Self.look("fallback language model") {
                let models = settings.models.map { settings.fallbackNames[$0] ?? $0 }
                let found = try await Self.models(
                    models, at: endpoint, check,
                    hint: "Set OPENAI_FALLBACK_MODEL_IDEAS and OPENAI_FALLBACK_MODEL_ARTICLE to others.")
                return Self.booked(found, models.filter { settings.prices[$0] == nil }, "texts")
            }
        ]
    }

    private static func models(
        _ wanted: [String], at endpoint: OpenAIEndpoint, _ check: ProviderCheck, hint: String
    ) async throws -> (isWell: Bool, detail: String, hint: String?) {
        let models = try await check.models(at: endpoint)
        let worry = ModelLife(models, today: Surroundings.wallClock()).worry(about: wanted)
        let answer = "\(endpoint.baseURL) answers, \(models.count) models"
        guard let worry else { return (true, answer, nil) }
        return (false, "\(answer); \(worry)", hint)
    }

    private func images(_ settings: Configuration, _ check: ProviderCheck) async -> Finding {
        let images = settings.images
        if images.provider == .none {
            return Finding(
                what: "images", isWell: true, detail: "none: articles have no pictures but products' own", hint: nil)
        }
        if settings.usesSandboxForImages {
            return Finding(
                what: "images", isWell: true, detail: "sandbox (no \(images.keyName))",
                hint: "Set \(images.keyName) to paint with a real model.")
        }
        return await Self.look("images") {
            let found = try await Self.painter(images, check)
            let isPriced = settings.prices[images.model]?.imageNanodollars ?? 0 > 0
            return Self.booked(found, isPriced ? [] : [images.model], "pictures")
        }
    }

    /// What was found, and that nobody has said what these models cost.
    private static func booked(
        _ found: (isWell: Bool, detail: String, hint: String?), _ unpriced: [String], _ what: String
    ) -> (isWell: Bool, detail: String, hint: String?) {
        guard found.isWell, !unpriced.isEmpty else { return found }
        let names = Set(unpriced).sorted().joined(separator: " and ")
        return (
            true, "\(found.detail); \(names) \(Set(unpriced).count == 1 ? "has" : "have") no price",
            "Say it under `prices` in the settings file; until then their \(what) are booked as free."
        )
    }

    private static func painter(
        _ images: Configuration.Images, _ check: ProviderCheck
    ) async throws -> (isWell: Bool, detail: String, hint: String?) {
        guard images.provider == .openAI else {
            try await check.images(images.replicate)
            return (true, "\(images.replicate.baseURL) answers, and has \(images.model)", nil)
        }
        let openAI = images.openAI
        return try await models(
            [images.model], at: openAI.endpoint(at: openAI.baseURL, key: openAI.key), check,
            hint: "Set OPENAI_IMAGE_MODEL to another.")
    }

    /// What of Wix and of sites' credentials can be looked at without a site; `sites test` looks at one.
    private func wix(_ settings: Configuration) async -> [Finding] {
        var findings: [Finding] = []
        let (id, secret) = (settings.wix.appID != nil, settings.wix.appSecret != nil)
        if id || secret {
            findings.append(Self.app(settings.wix, missing: id && secret ? nil : id ? "WIX_APP_SECRET" : "WIX_APP_ID"))
        }
        if let file = settings.wix.publicKeyFile {
            findings.append(
                await Self.look("wix webhooks") {
                    _ = try settings.wix.webhooks()
                    return (true, "\(file) is a public key", nil)
                })
        }
        if let file = settings.publishing.credentialsKeyFile {
            findings.append(
                await Self.look("credentials") {
                    _ = try Installation.vault(in: file)
                    return (true, "\(file) holds keys", nil)
                })
        }
        return findings
    }

    private static func app(_ wix: Configuration.Wix, missing: String?) -> Finding {
        if let missing {
            return Finding(what: "wix app", isWell: false, detail: "\(missing) is missing", hint: "Set \(missing).")
        }
        var advice = "See whether they open a site: pressroom sites test ID"
        if wix.authorDomain == Configuration.Wix.standardAuthorDomain {
            advice = "Set WIX_AUTHOR_DOMAIN to a domain of yours, for the authors' addresses. \(advice)"
        }
        return Finding(what: "wix app", isWell: true, detail: "an id and a secret are set", hint: advice)
    }

    private static func port(_ settings: Configuration) -> [Finding] {
        let port = settings.serving.port
        guard settings.serving.isOnLoopback, port != 0, !LoopbackPort.isFree(port) else { return [] }
        return [
            Finding(
                what: "port", isWell: true, detail: "\(port) is in use: a server may be running already",
                hint: "If it is another program's, choose one with PORT or --port.")
        ]
    }

    private static func look(
        _ what: String, _ body: () async throws -> (isWell: Bool, detail: String, hint: String?)
    ) async -> Finding {
        do {
            let found = try await body()
            return Finding(what: what, isWell: found.isWell, detail: found.detail, hint: found.hint)
        } catch {
            let report = FailureReport(error)
            return Finding(
                what: what, isWell: false, detail: report?.message ?? "\(type(of: error))", hint: report?.hint)
        }
    }
}
