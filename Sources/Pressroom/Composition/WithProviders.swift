import Logging
import Outbound
import Sandbox

/// Runs something beside the sandbox if a provider has no key, and without it otherwise.
enum WithProviders {
    /// - Parameter body: gets the sandbox's base URL and its webhooks' secret, or nothing.
    static func run<Result: Sendable>(
        _ settings: Configuration, logger: Logger,
        _ body: @Sendable (OutboundURL?, Secret?) async throws -> Result
    ) async throws -> Result {
        guard settings.usesSandbox else {
            return try await body(nil, nil)
        }
        if let address = settings.sandbox.address {
            let sandbox = SharedSandbox(address: address)
            let secret = try await sandbox.webhookSecret(logger: logger)
            announce(settings, logger, place: " at \(address)")
            return try await body(sandbox.base, secret)
        }
        let sandbox = HostedSandbox.configuration(for: settings)
        return try await HostedSandbox.with(sandbox, logger: logger) { _, address in
            announce(settings, logger, place: "")
            return try await body(try OutboundURL(address.apiURL), HostedSandbox.webhookSecret(sandbox))
        }
    }

    private static func announce(_ settings: Configuration, _ logger: Logger, place: String) {
        let simulated = [
            (settings.usesSandboxForLanguageModel, "texts"), (settings.usesSandboxForImages, "images"),
            (settings.usesSandboxForWix, "the Wix sites"),
        ]
        let what = simulated.filter(\.0).map(\.1).joined(separator: " and ")
        logger.notice("No key is configured: \(what) come from the sandbox\(place), and say so.")
    }
}
