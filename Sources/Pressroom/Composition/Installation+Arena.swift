import Arena
import Database
import Engine
import Logging
import Outbound
import Providers

extension Installation {
    /// Arena's settings in this process.
    ///
    /// - Parameter secret: nil where tokens can be neither signed nor read: its jobs are worked on all the same.
    static func arenaSupplies(
        _ settings: Configuration, _ providers: ProviderConnections, secret: [UInt8]?
    ) -> Supplies {
        var arena = Arena.Settings(tokenSecret: secret ?? [])
        arena.draftQuota = settings.arena.draftQuota
        arena.replyQuota = settings.arena.replyQuota
        arena.previewQuota = settings.work.previewQuota
        arena.model = settings.languageModel.ideasModel
        arena.battleModel = settings.languageModel.articleModel
        arena.isSandbox = providers.usesSandboxForText
        if providers.usesSandboxForText { arena.textProvider = "sandbox" }
        arena.timeouts.text = settings.work.taskTimeout
        // A request must be answered before its own time is up.
        arena.patience = max(.zero, min(arena.patience, settings.serving.requestTimeout - .seconds(3)))
        arena.prices = settings.prices.all
        if !providers.usesSandboxForText {
            let thoughts = settings.languageModelEndpoint.thoughtTokensMax(of:)
            arena.costs.add(thoughts: thoughts(arena.model), inBattles: thoughts(arena.battleModel))
        }
        return Supplies(settings: arena, random: Surroundings.random)
    }

    /// The secret that is set, or the one that is kept beside an SQLite database. On PostgreSQL the processes would each
    /// have their own, so one has to be set there.
    static func arenaSecret(
        _ settings: Configuration, _ storage: OpenStorage, logger: Logger
    ) throws -> [UInt8]? {
        if let secret = settings.arena.tokenSecret { return Array(secret.exposed.utf8) }
        if let path = storage.sqlitePath {
            return try KeptSecret.arenaTokens.kept(besideDatabase: path, random: Surroundings.random)
        }
        logger.notice("Arena is not served: set ARENA_TOKEN_SECRET, the same for every process")
        return nil
    }
}
