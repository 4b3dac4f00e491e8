import Logging
import Providers
import Synchronization

/// Looks twice a day how long the models that are used will be there: in the log, and for the page of metrics.
final class ModelWatch: Sendable {
    private static let pause = Duration.seconds(12 * 3600)
    private static let pauseAfterFailure = Duration.seconds(600)

    private let accounts: [(endpoint: OpenAIEndpoint, models: [String])]
    private let known = Mutex<[String: Int]>([:])
    private let check: ProviderCheck
    private let logger: Logger

    /// Nil where no real model is used.
    init?(_ settings: Configuration, logger: Logger) {
        var accounts: [(endpoint: OpenAIEndpoint, models: [String])] = []
        if !settings.usesSandboxForLanguageModel {
            accounts.append((settings.languageModelEndpoint, settings.models))
            if let fallback = settings.fallbackEndpoint {
                accounts.append((fallback, settings.models.map { settings.fallbackNames[$0] ?? $0 }))
            }
        }
        // Replicate's models do not end on a date that could be asked for.
        if settings.images.provider == .openAI, !settings.usesSandboxForImages {
            let images = settings.images.openAI
            accounts.append((images.endpoint(at: images.baseURL, key: images.key), [images.model.name]))
        }
        guard !accounts.isEmpty else { return nil }
        self.accounts = accounts
        check = ProviderCheck(settings, logger)
        self.logger = logger
    }

    /// Days that are left, by model; nothing of those of which nobody says when they end.
    var daysLeft: [String: Int] { known.withLock { $0 } }

    /// Until it is cancelled.
    func run() async throws {
        while true {
            let isDone = await look()
            try await Surroundings.clock.sleep(for: isDone ? Self.pause : Self.pauseAfterFailure)
        }
    }

    private func look() async -> Bool {
        var (found, isDone) = ([String: Int](), true)
        for (endpoint, models) in accounts {
            do {
                let life = ModelLife(
                    try await check.models(at: endpoint), today: Surroundings.wallClock())
                found.merge(life.daysLeft(of: models)) { min($0, $1) }
                if let worry = life.worry(about: models) {
                    logger.warning("a model must be replaced", metadata: ["cause": "\(worry)"])
                }
            } catch {
                // Steps meet the same trouble, and say so; this only looks ahead.
                logger.notice(
                    "could not read a list of models, so that nobody knows how long they will be there",
                    metadata: ["server": "\(endpoint.baseURL)", "error": "\(error)"])
                isDone = false
            }
        }
        known.withLock { [found] known in
            if isDone { known = found } else { known.merge(found) { $1 } }
        }
        return isDone
    }
}
