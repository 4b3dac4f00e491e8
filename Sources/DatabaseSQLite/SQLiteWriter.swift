import Database
import Synchronization

/// The one writer, with group commit: whatever queues up while a commit runs shares the next transaction.
///
/// Each body runs in a savepoint of its own, so a failing one rolls back alone. Nobody gets an answer before the commit is
/// durable; when the commit fails, nobody in it is told otherwise.
actor SQLiteWriter {
    /// The bodies whose answers wait for one commit. Confined to the actor.
    private final class Batch {
        let began = ContinuousClock.now
        var members = 0
        var outcome: Result<Void, DatabaseError>?
        var waiting: [UnsafeContinuation<Void, Never>] = []

        var isFull: Bool { members >= Self.membersMax || .now - began > Self.longest }

        static let membersMax = 128
        /// Nobody's answer is held back longer than this for the sake of company.
        static let longest = Duration.milliseconds(10)
    }

    /// Transactions that committed, and the commits they shared.
    private nonisolated let counts = Mutex(WriteCounts(transactions: 0, commits: 0))
    private nonisolated let thread = ThreadExecutor(name: "sqlite-writer")
    private let configuration: SQLiteConfiguration
    private var connection: SQLiteConnection?
    private var batch: Batch?
    private var refusal: (error: DatabaseError, at: ContinuousClock.Instant)?
    private var closed = false

    nonisolated var writeCounts: WriteCounts { counts.withLock { $0 } }
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ configuration: SQLiteConfiguration) { self.configuration = configuration }

    deinit { thread.shutdown() }

    /// - Parameter asked: when the caller began to wait.
    func transaction<R: Sendable>(
        asked: ContinuousClock.Instant, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        let interruption = Interruption()
        let (result, batch, leads) = try await withTaskCancellationHandler {
            try interruption.check()
            return try join(asked, interruption, body)
        } onCancel: {
            interruption.request()
        }
        try await settle(batch, leads: leads)
        return result
    }

    func open() throws { _ = try usable() }

    func setting(_ name: String) throws -> String { try usable().handle.setting(name) }

    func close() {
        if let batch { commit(batch) }
        closed = true
        connection?.close()
        connection = nil
        thread.shutdown()
    }

    /// Runs a body in the open batch, opening one if there is none.
    private func join<R>(
        _ asked: ContinuousClock.Instant, _ interruption: Interruption, _ body: (borrowing Transaction) throws -> R
    ) throws -> (R, Batch, leads: Bool) {
        let connection = try usable()
        let batch = try self.batch ?? begin(connection, asked)
        self.batch = batch
        do {
            connection.sharesTransaction = batch.members > 0
            var result: R?
            try savepoint(connection) { result = try connection.perform(.write, interruption, body) }
            guard let result else { preconditionFailure("a body that did not throw left no result") }
            batch.members += 1
            return (result, batch, batch.members == 1)
        } catch {
            try afterFailure(of: batch, connection, error)
            throw error
        }
    }

    private func begin(_ connection: SQLiteConnection, _ asked: ContinuousClock.Instant) throws -> Batch {
        // Whoever queued up while another process kept us waiting has waited as long; each would wait again otherwise.
        if let refusal, refusal.at > asked { throw refusal.error }
        do { try connection.control("begin immediate") } catch let error as DatabaseError {
            refusal = (error, .now)
            throw error
        }
        refusal = nil
        return Batch()
    }

    private func savepoint(_ connection: SQLiteConnection, _ body: () throws -> Void) throws {
        try connection.control("savepoint body")
        do {
            try body()
            try connection.control("release savepoint body")
        } catch {
            if connection.isInTransaction {
                try connection.control("rollback to savepoint body")
                try connection.control("release savepoint body")
            }
            throw error
        }
    }

    private func afterFailure(of batch: Batch, _ connection: SQLiteConnection, _ error: any Error) throws {
        if !connection.isInTransaction {
            // A full disk, for one, undoes the whole transaction: the others' work too, and they have to know.
            end(batch, .failure(Self.undone(by: error)))
        } else if batch.members == 0 {
            self.batch = nil
            try connection.rollback()
        }
    }

    /// The first member commits once no other body waits; the others wait for it.
    private func settle(_ batch: Batch, leads: Bool) async throws {
        if batch.outcome == nil, batch.isFull {
            commit(batch)
        } else if leads {
            await withUnsafeContinuation { continuation in thread.drained { continuation.resume() } }
            if batch.outcome == nil { commit(batch) }
        } else if batch.outcome == nil {
            await withUnsafeContinuation { batch.waiting.append($0) }
        }
        try batch.outcome?.get()
    }

    private func commit(_ batch: Batch) {
        do {
            try connection?.commit()
            counts.withLock { $0.add(batch.members) }
            end(batch, .success(()))
        } catch {
            end(batch, .failure(Self.notCommitted(error)))
            // A transaction that can be neither committed nor rolled back goes with its connection.
            if (try? connection?.rollback()) == nil { dropConnection() }
        }
    }

    private func end(_ batch: Batch, _ outcome: Result<Void, DatabaseError>) {
        batch.outcome = outcome
        self.batch = nil
        for waiter in batch.waiting { waiter.resume() }
        batch.waiting = []
    }

    private func usable() throws -> SQLiteConnection {
        if closed { throw DatabaseError(.closed, "the database was closed") }
        if let connection { return connection }
        let opened = try SQLiteConnection(configuration)
        connection = opened
        return opened
    }

    private func dropConnection() {
        connection?.close()
        connection = nil
    }
}

extension SQLiteWriter {
    private static func undone(by error: any Error) -> DatabaseError {
        guard let error = error as? DatabaseError else {
            return DatabaseError(.serialization, "a change in the same commit was stopped")
        }
        return error
    }

    /// After a failed sync the log may or may not hold the commit, which a restart would then find.
    private static func notCommitted(_ error: any Error) -> DatabaseError {
        guard let error = error as? DatabaseError else { return DatabaseError(.io, "the commit failed") }
        return error.kind == .io ? DatabaseError(.ambiguousCommit, error.message, sqlState: error.sqlState) : error
    }
}
