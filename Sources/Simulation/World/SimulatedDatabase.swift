import Database
import Engine

/// One process's connection to the one database in memory: the request travels, commits at one instant, the answer
/// travels.
///
/// A kill, a partition or a drawn fault between the two is the ambiguous commit that real networks have.
struct SimulatedDatabase<C: Connection>: Database {
    let shared: InlineHosted<C>
    let process: SimulatedProcess
    let random: RandomSource
    let line: DatabaseLine

    var dialect: Dialect { C.dialect }

    @discardableResult
    func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        try Task.checkCancellation()
        guard !process.simulation.isOver else { throw CancellationError() }
        try await process.clock.sleep(for: line.travel(random))
        if process.isCutOff { try await giveUp(.connectionLost) }
        let luck = random.unit()
        if luck < line.faultShare { throw DatabaseError(.connectionLost, "lost before the commit") }
        let result = try shared.transactionNow(mode, body)
        // What has happened is reported, cancelled or not.
        try? await process.clock.sleep(for: line.travel(random))
        if process.isCutOff { try await giveUp(mode == .write ? .ambiguousCommit : .connectionLost) }
        if luck < 2 * line.faultShare {
            throw DatabaseError(mode == .write ? .ambiguousCommit : .connectionLost, "lost after the commit")
        }
        return result
    }

    /// Nobody answers: the client waits for as long as it waits for a dead connection.
    private func giveUp(_ kind: DatabaseError.Kind) async throws {
        try await process.clock.sleep(for: DatabaseLine.patience)
        throw DatabaseError(kind, "no answer from the database")
    }
}

/// How a process and its database reach each other.
struct DatabaseLine: Sendable {
    /// One way, evenly drawn.
    var least = Duration.microseconds(200)
    var most = Duration.microseconds(1_500)
    /// Of all transactions, those that are lost before the commit, and as many again after it.
    var faultShare = 0.0

    /// How long a client waits for an answer that does not come.
    static let patience = Duration.seconds(5)

    func travel(_ random: RandomSource) -> Duration { least + (most - least) * random.unit() }
}
