import Database
import Engine
import ProductKit

/// The first half of an ``Intake``: writes submissions into the tables.
struct IntakeStore: Sendable {
    typealias Entry = BlogGenerations.Entry

    let engine: Engine

    /// Why the entries could not be stored together.
    private struct Refusal: Error { let reason: any Error }

    /// Stores the entries in one transaction. One that cannot be stored is answered so, and does not keep the others from
    /// it.
    /// - Throws: the database's own failures.
    func store(_ entries: [Entry]) async throws -> [Result<Intake.Stored, any Error>] {
        do { return try await storeTogether(entries) } catch let refusal as Refusal {
            guard entries.count > 1 else { return [.failure(refusal.reason)] }
            return try await storeApart(entries)
        }
    }

    /// All that are new; none of them when there is no room for all, or one cannot be planned.
    private func storeTogether(_ entries: [Entry]) async throws -> [Result<Intake.Stored, any Error>] {
        try await engine.transaction { transaction, wakes in
            do { return try store(entries, at: transaction.now(), in: transaction, waking: wakes) } catch {
                // The database's own failures are nobody's in particular.
                throw error is DatabaseError ? error : Refusal(reason: error)
            }
        }
    }

    /// A statement for each table.
    private func store(
        _ entries: [Entry], at now: Double, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> [Result<Intake.Stored, any Error>] {
        let ids = entries.map { _ in engine.newJobID(at: now) }
        let results = try claimKeys(of: entries, ids, at: now, in: transaction)
        let new = zip(entries, results).compactMap { entry, result -> (Entry, JobID)? in
            guard case .success(let stored) = result, !stored.isRepetition else { return nil }
            return (entry, stored.id)
        }
        try insert(new, at: now, in: transaction)
        try engine.enqueue(
            new.map { Submission($0.brief, for: $0.site.tenant, id: $1) }, as: BlogGeneration.self,
            projecting: false, at: now, in: transaction, waking: wakes)
        return results
    }

    /// What becomes of each entry by its key; those without one are new.
    private func claimKeys(
        of entries: [Entry], _ ids: [JobID], at now: Double, in transaction: borrowing Transaction
    ) throws -> [Result<Intake.Stored, any Error>] {
        let claims = zip(entries, ids).compactMap { entry, id in
            entry.key.map {
                KeyClaim(tenant: entry.site.tenant, key: $0, fingerprint: entry.fingerprint, answer: id.description)
            }
        }
        var outcomes = try engine.once(claims, at: now, in: transaction)[...]
        return zip(entries, ids).map { entry, id in
            guard entry.key != nil, let outcome = outcomes.popFirst() else {
                return .success(Intake.Stored(id: id, hasKey: false, isRepetition: false))
            }
            switch outcome {
            case .isFirst: return .success(Intake.Stored(id: id, hasKey: true, isRepetition: false))
            case .isRepetition(let answer):
                guard let id = JobID(answer) else { preconditionFailure("an answer is the id that was stored") }
                return .success(Intake.Stored(id: id, hasKey: true, isRepetition: true))
            case .isMismatch: return .failure(EngineError.idempotencyMismatch)
            }
        }
    }

    /// The rows as ``BlogGeneration/project(_:of:in:)`` would leave them.
    private func insert(_ new: [(Entry, JobID)], at now: Double, in transaction: borrowing Transaction) throws {
        guard !new.isEmpty else { return }
        let rows = new.map { entry, id -> [SQLValue] in
            let (request, site) = (entry.request, entry.site)
            return .row(
                id, site.tenant, site.instanceID, request.sourceType, request.sourceId, entry.requestJSON,
                entry.productJSON, request.publishAt.map { Double($0.milliseconds) })
        }
        let scheduled: SQL = """
            \(postgres: "to_timestamp(cast(v.column8 as double precision) / 1000.0)",
               sqlite: "strftime('%Y-%m-%d %H:%M:%f', v.column8 / 1000.0, 'unixepoch')")
            """
        try transaction.executeLater(
            """
            insert into blog_generations (id, tenant_id, instance_id, source_type, source_id, status, is_live, request,
                                          product, scheduled_for, created_at, updated_at)
            select v.column1, v.column2, v.column3, v.column4, v.column5, \(GenerationStatus.pending), 1, v.column6,
                   v.column7, \(scheduled), \(timestamp: now), \(timestamp: now)
              from \(table: rows)
            """)
    }

    /// Each in a savepoint, so that those that can be stored are. Once the queue is full, it is so for all who came later.
    private func storeApart(_ entries: [Entry]) async throws -> [Result<Intake.Stored, any Error>] {
        try await engine.transaction { transaction, wakes in
            let now = try transaction.now()
            return try engine.gathering(in: transaction, waking: wakes) { transaction in
                var results: [Result<Intake.Stored, any Error>] = []
                var full: EngineError?
                for entry in entries {
                    do {
                        if let full { throw full }
                        results += try transaction.savepoint { transaction in
                            try store([entry], at: now, in: transaction, waking: wakes)
                        }
                    } catch let reason where !(reason is DatabaseError) {
                        if case .queueFull? = reason as? EngineError { full = reason as? EngineError }
                        results.append(.failure(reason))
                    }
                }
                return results
            }
        }
    }
}
