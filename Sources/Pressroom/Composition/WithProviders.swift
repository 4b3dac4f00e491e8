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
        guard settings.usesSandboxForLanguageModel || settings.usesSandboxForImages else {
            return try await body(nil, nil)
        }
        let sandbox = HostedSandbox.configuration(for: settings)
        return try await HostedSandbox.with(sandbox, logger: logger) { _, address in
            let what =
                settings.usesSandboxForLanguageModel && settings.usesSandboxForImages
                ? "texts and images" : settings.usesSandboxForLanguageModel ? "texts" : "images"
            logger.notice("No key is configured: \(what) come from the sandbox, and say so.")
            return try await body(try OutboundURL(address.apiURL), HostedSandbox.webhookSecret(sandbox))
        }
    }
}
