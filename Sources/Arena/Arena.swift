import Database
import Engine
import Foundation
import Logging
import ProductKit

/// The product: personas that post, reply and battle, on the engine that it shares with others.
///
/// Each capability is a small value made from this one and stands in a folder of its own. Every verb that belongs to
/// somebody takes the ``Member``.
package struct Arena: Sendable {
    let engine: Engine
    let supplies: Supplies
    let passwords: Passwords
    let tokens: AccessTokens
    let feedCache = FeedCache()
    /// For waiting on work that is under way.
    let clock: any Clock<Duration>
    let logger: Logger

    /// - Parameter engine: knows the product's ``workflows(_:_:)``.
    /// - Parameter clock: a request that waits for its work waits by it.
    /// - Throws: ``WeakTokenSecret``.
    package init(engine: Engine, supplies: Supplies, clock: any Clock<Duration>, logger: Logger) async throws {
        self.engine = engine
        self.supplies = supplies
        self.clock = clock
        self.logger = logger
        let settings = supplies.settings
        passwords = Passwords(cost: settings.passwordCost, random: supplies.random)
        tokens = try await AccessTokens(secret: settings.tokenSecret, life: settings.accessTokenLife)
    }

    /// How long a request waits for its work before it is answered with an operation.
    package var patience: Duration { supplies.settings.patience }

    var settings: Settings { supplies.settings }
    var ids: TimeOrderedIDs { supplies.ids }
    var random: RandomSource { supplies.random }

    package var accounts: Accounts { Accounts(arena: self) }
    package var personas: Personas { Personas(arena: self) }
    package var quotas: Quotas { Quotas(arena: self) }
    package var rooms: Rooms { Rooms(arena: self) }
    package var posts: Posts { Posts(arena: self) }
    package var replies: Replies { Replies(arena: self) }
    package var templates: Templates { Templates(arena: self) }
    package var battles: Battles { Battles(arena: self) }
    package var threads: Threads { Threads(arena: self) }
    package var follows: Follows { Follows(arena: self) }
    package var notifications: NotificationList { NotificationList(arena: self) }
    package var feed: Feed { Feed(arena: self) }
    package var reports: Reports { Reports(arena: self) }
    package var digests: Digests { Digests(arena: self) }
    package var operations: Operations { Operations(arena: self) }
    package var events: Events { Events(arena: self) }
    package var blocks: Blocks { Blocks(arena: self) }
}

extension Arena {
    /// Runs `body` in a transaction that may wake workers, and says in Arena's words what the engine refuses.
    func write<Result: Sendable>(
        _ body: @Sendable (borrowing Transaction, Wakes) throws -> Result
    ) async throws -> Result {
        do { return try await engine.transaction(body) } catch let error as EngineError {
            guard case .queueFull(let size, let retryAfter) = error else { throw error }
            throw ArenaError(
                .queueFull, "\(size) requests are waiting; no new work for the model is taken for now.",
                hint: "Send the request again after the time in Retry-After. Reading goes on as usual.",
                retryAfter: retryAfter)
        }
    }

    func read<Result: Sendable>(
        _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await engine.database.read(body)
    }
}

extension Transaction {
    /// The database's clock, in whole milliseconds: what is stored is then exactly what a cursor says.
    func instant() throws -> Timestamp { Timestamp(milliseconds: Int64(try now())) }
}
