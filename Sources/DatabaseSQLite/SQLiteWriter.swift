import Database
import Synchronization

/// The one writer, with group commit: whatever queues up while a commit runs shares the next transaction.
///
/// Each body runs in a savepoint of its own, so a failing one rolls back alone. Nobody gets an answer before the commit is
/// durable; when the commit fails, nobody in it is told otherwise.
actor SQLiteWriter {
    /// Bodies whose answers wait for one commit.
    private final class Batch: Sendable {
        private struct State {
            var outcome: Result<Void, DatabaseError>?
            var waiting: [UnsafeContinuation<Result<Void, DatabaseError>, Never>] = []
        }
        private let state = Mutex(State())

        /// Waits for the commit. Not on the writer's thread: that may be waiting for the next batch's turn by then, as long
        /// as another process has it.
        var outcome: Result<Void, DatabaseError> {
            get async {
                await withUnsafeContinuation { waiter in
                    let outcome = state.withLock { state in
                        if state.outcome == nil { state.waiting.append(waiter) }
                        return state.outcome
                    }
                    if let outcome { waiter.resume(returning: outcome) }
                }
            }
        }

        func end(_ outcome: Result<Void, DatabaseError>) {
            let waiting = state.withLock { state in
                state.outcome = outcome
                defer { state.waiting = [] }
                return state.waiting
            }
            for waiter in waiting { waiter.resume(returning: outcome) }
        }
    }

    /// The batch whose transaction is open.
    private struct OpenBatch {
        let batch = Batch()
        let began = ContinuousClock.now
        var members = 0

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
    private var batch: OpenBatch?
    private var refusal: (error: DatabaseError, at: ContinuousClock.Instant)?
    private var closed = false

    nonisolated var writeCounts: WriteCounts { counts.withLock { $0 } }
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ configuration: SQLiteConfiguration) { self.configuration = configuration }

    deinit { thread.shutdown() }

    /// - Parameter asked: when the caller began to wait.
    nonisolated func transaction<R: Sendable>(
        asked: ContinuousClock.Instant, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        let (result, batch) = try await perform(asked, body)
        try await batch.outcome.get()
        return result
    }

    func open() throws { _ = try usable() }

    func setting(_ name: String) throws -> String { try usable().handle.setting(name) }

    func close() {
        commitBatch()
        closed = true
        connection?.close()
        connection = nil
        thread.shutdown()
    }

    /// Runs a body in the open batch, opening one if there is none.
    private func perform<R: Sendable>(
        _ asked: ContinuousClock.Instant, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> (R, Batch) {
        let interruption = Interruption()
        return try await withTaskCancellationHandler {
            try interruption.check()
            return try join(asked, interruption, body)
        } onCancel: {
            interruption.request()
        }
    }

    private func join<R>(
        _ asked: ContinuousClock.Instant, _ interruption: Interruption, _ body: (borrowing Transaction) throws -> R
    ) throws -> (R, Batch) {
        let connection = try usable()
        var open = try batch ?? begin(connection, asked)
        batch = open
        do {
            connection.sharesTransaction = open.members > 0
            var result: R?
            try savepoint(connection) { result = try connection.perform(.write, interruption, body) }
            guard let result else { preconditionFailure("a body that did not throw left no result") }
            open.members += 1
            batch = open
            if open.isFull {
                commitBatch()
            } else if open.members == 1 {
                // As soon as no other body waits.
                thread.drained { [self, batch = open.batch] in
                    assumeIsolated { if $0.batch?.batch === batch { $0.commitBatch() } }
                }
            }
            return (result, open.batch)
        } catch {
            try afterFailure(of: open, connection, error)
            throw error
        }
    }

    private func begin(_ connection: SQLiteConnection, _ asked: ContinuousClock.Instant) throws -> OpenBatch {
        // Whoever queued up while another process kept us waiting has waited as long; each would wait again otherwise.
        if let refusal, refusal.at > asked { throw refusal.error }
        do { try connection.control("begin immediate") } catch let error as DatabaseError {
            refusal = (error, .now)
            throw error
        }
        refusal = nil
        return OpenBatch()
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

    private func afterFailure(of open: OpenBatch, _ connection: SQLiteConnection, _ error: any Error) throws {
        if !connection.isInTransaction {
            // A full disk, for one, undoes the whole transaction: the others' work too, and they have to know.
            batch = nil
            open.batch.end(.failure(Self.undone(by: error)))
        } else if open.members == 0 {
            batch = nil
            try connection.rollback()
        }
    }

    private func commitBatch() {
        guard let open = batch else { return }
        batch = nil
        do {
            try connection?.commit()
            counts.withLock { $0.add(open.members) }
            open.batch.end(.success(()))
        } catch {
            // A transaction that can be neither committed nor rolled back goes with its connection.
            if (try? connection?.rollback()) == nil { dropConnection() }
            open.batch.end(.failure(Self.notCommitted(error)))
        }
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
