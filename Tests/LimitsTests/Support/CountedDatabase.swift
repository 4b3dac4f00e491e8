import Database
import Synchronization

/// A database that counts transactions and can be told to fail, or to hang until it is told otherwise.
final class CountedDatabase: Database {
    enum Mood: Sendable { case well, away, silent }
    private let base: any Database
    private let count = Atomic(0)
    private let mood = Mutex(Mood.well)

    init(_ base: any Database) { self.base = base }

    var transactions: Int { count.load(ordering: .relaxed) }
    var dialect: Dialect { base.dialect }

    func countAnew() { count.store(0, ordering: .relaxed) }

    func become(_ new: Mood) { mood.withLock { $0 = new } }

    func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        count.add(1, ordering: .relaxed)
        switch mood.withLock({ $0 }) {
        case .well: return try await base.transaction(mode, body)
        case .away: throw DatabaseError(.unavailable, "the database is away")
        case .silent:
            while mood.withLock({ $0 == .silent }) { try await Task.sleep(for: .milliseconds(5)) }
            throw DatabaseError(.connectionLost, "the database said nothing")
        }
    }
}
