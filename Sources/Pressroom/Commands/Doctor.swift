import ArgumentParser
import Database
import Foundation
import Logging

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
        let findings =
            await [
                checkDatabase(settings, logger), checkOutput(settings), text(settings, logger),
                images(settings, logger),
            ] + Self.port(settings)
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

    private func text(_ settings: Configuration, _ logger: Logger) async -> Finding {
        settings.usesSandboxForLanguageModel
            ? Finding(
                what: "language model", isWell: true, detail: "sandbox (no OPENAI_API_KEY)",
                hint: "Set OPENAI_API_KEY to write with a real model.")
            : await Self.look("language model") {
                let names = try await ProviderCheck.models(settings, logger)
                return (true, "\(settings.languageModel.baseURL) answers, \(names) models", nil)
            }
    }

    private func images(_ settings: Configuration, _ logger: Logger) async -> Finding {
        settings.usesSandboxForImages
            ? Finding(
                what: "images", isWell: true, detail: "sandbox (no REPLICATE_API_TOKEN)",
                hint: "Set REPLICATE_API_TOKEN to paint with a real model.")
            : await Self.look("images") {
                try await ProviderCheck.images(settings, logger)
                return (true, "\(settings.images.baseURL) answers", nil)
            }
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
