import Foundation
import Logging
import Outbound
import Sandbox

/// The simulated providers inside this process.
enum HostedSandbox {
    /// Runs `body` beside a sandbox that listens on a free loopback port, and stops the sandbox afterwards.
    static func with<Result: Sendable>(
        _ configuration: SandboxConfiguration, logger: Logger,
        _ body: @Sendable (SandboxServer, SandboxAddress) async throws -> Result
    ) async throws -> Result {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let server = try SandboxServer(
            configuration: configuration, clock: Surroundings.clock, startedAt: Surroundings.wallClock(),
            random: SystemRandomNumberGenerator(), logger: quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            return try await body(server, server.address())
        }
    }

    /// Any word opens the sandbox.
    static let key = Secret("sandbox-key-of-no-account")
}

extension HostedSandbox {
    /// What a sandbox of this configuration signs its webhooks with.
    static func webhookSecret(_ configuration: SandboxConfiguration) -> Secret {
        Secret(WebhookSignature.secret(seed: configuration.seed))
    }

    /// The sandbox that stands in for providers without a key: the same limits, at its own speed.
    static func configuration(for settings: Configuration) -> SandboxConfiguration {
        var sandbox = SandboxConfiguration()
        sandbox.port = 0
        sandbox.speed = settings.sandbox.speed
        sandbox.requestsPerMinute = settings.languageModel.requestsPerMinute
        sandbox.tokensPerMinute = settings.languageModel.tokensPerMinute
        sandbox.imageRequestsPerMinute = settings.images.requestsPerMinute
        return sandbox
    }
}
