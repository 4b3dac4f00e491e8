import Database
import Engine

/// Submissions on their way into the tables, as many as come at the same moment.
struct Intake: Sendable {
    /// Submissions that share a transaction: enough for a burst, few enough that nobody waits long for the others.
    static let sizeMax = 100

    typealias Entry = BlogGenerations.Entry
    typealias Answer = Result<Submitted, any Error>

    let engine: Engine

    private struct Stored: Sendable {
        let id: JobID
        let isRepetition: Bool
    }
    /// Why the entries could not be stored together.
    private struct Refusal: Error { let reason: any Error }

    /// Stores the entries in one transaction. One that cannot be stored is answered so, and does not keep the others from
    /// it; when the database itself fails, all are told.
    func take(_ entries: [Entry]) async -> [Answer] {
        do {
            do {
                return try await answers(to: entries, try await store(entries).map { .success($0) })
            } catch let refusal as Refusal {
                guard entries.count > 1 else { throw refusal.reason }
                return try await answers(to: entries, try await storeApart(entries))
            }
        } catch {
            return entries.map { _ in .failure(error) }
        }
    }

    /// All or none.
    private func store(_ entries: [Entry]) async throws -> [Stored] {
        try await engine.transaction { transaction, wakes in
            let now = try transaction.now()
            return try engine.gathering(in: transaction, waking: wakes) { transaction in
                do {
                    return try entries.map { try store($0, at: now, in: transaction, waking: wakes) }
                } catch {
                    // The database's own failures are nobody's in particular.
                    throw error is DatabaseError ? error : Refusal(reason: error)
                }
            }
        }
    }

    /// Each in a savepoint, so that those that can be stored are. Once the queue is full, it is so for all who came later.
    private func storeApart(_ entries: [Entry]) async throws -> [Result<Stored, any Error>] {
        try await engine.transaction { transaction, wakes in
            let now = try transaction.now()
            return try engine.gathering(in: transaction, waking: wakes) { transaction in
                var results: [Result<Stored, any Error>] = []
                var full: EngineError?
                for entry in entries {
                    do {
                        if let full { throw full }
                        let stored = try transaction.savepoint { transaction in
                            try store(entry, at: now, in: transaction, waking: wakes)
                        }
                        results.append(.success(stored))
                    } catch  where !(error is DatabaseError) {
                        if case .queueFull? = error as? EngineError { full = error as? EngineError }
                        results.append(.failure(error))
                    }
                }
                return results
            }
        }
    }

    private func store(
        _ entry: Entry, at now: Double, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> Stored {
        guard let key = entry.key else {
            return Stored(id: try insert(entry, at: now, in: transaction, waking: wakes), isRepetition: false)
        }
        let (answer, isRepetition) = try engine.once(
            key: key, of: entry.site.tenant, fingerprint: entry.fingerprint, at: now, in: transaction
        ) { transaction in try insert(entry, at: now, in: transaction, waking: wakes).description }
        guard let id = JobID(answer) else { preconditionFailure("an answer is the id that was stored") }
        return Stored(id: id, isRepetition: isRepetition)
    }

    /// The row, then the job.
    private func insert(
        _ entry: Entry, at now: Double, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> JobID {
        let id = engine.newJobID(at: now)
        let (request, site) = (entry.request, entry.site)
        let scheduled = request.publishAt.map { Double($0.milliseconds) }
        try transaction.executeLater(
            """
            insert into blog_generations (id, tenant_id, instance_id, source_type, source_id, status, is_live, request,
                                          product, scheduled_for, created_at, updated_at)
            values (\(id), \(site.tenant), \(site.instanceID), \(request.sourceType), \(request.sourceId),
                    \(GenerationStatus.pending), 1, \(entry.requestJSON), \(entry.productJSON),
                    \(timestamp: scheduled), \(timestamp: now), \(timestamp: now))
            """)
        return try engine.enqueue(
            entry.brief, as: BlogGeneration.self, for: site.tenant, id: id, at: now, in: transaction, waking: wakes)
    }

    // MARK: Answers

    /// The answer to a key is stored by the first who gets here, before it is sent; everyone reads what it wrote.
    private func answers(to entries: [Entry], _ results: [Result<Stored, any Error>]) async throws -> [Answer] {
        let stored = results.compactMap { try? $0.get() }  // What failed is answered below.
        let found = try await engine.summaries(of: stored.map(\.id), in: .allSites)
        let summaries = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        func fresh(_ stored: Stored) -> Submitted {
            Submitted(stored.id, summaries[stored.id], isRepetition: stored.isRepetition)
        }
        let keyed = zip(entries, results).compactMap { entry, result in
            entry.key == nil ? nil : (try? result.get()).map(fresh)
        }
        let kept = try await keep(keyed)
        return results.map { result in
            result.map { stored in
                var answer = kept[stored.id] ?? fresh(stored)
                answer.isRepetition = stored.isRepetition
                return answer
            }
        }
    }

    private func keep(_ answers: [Submitted]) async throws -> [JobID: Submitted] {
        guard !answers.isEmpty else { return [:] }
        let ids = Set(answers.map(\.id)).sorted()
        let rows = try answers.map { [$0.id.sqlValue, try StoredJSON.text($0).sqlValue] }
        return try await engine.database.transaction { transaction in
            for row in rows {
                try transaction.executeLater(
                    "update blog_generations set answer = \(row[1]) where id = \(row[0]) and answer is null")
            }
            var kept: [JobID: Submitted] = [:]
            try transaction.forEach("select id, answer from blog_generations where id \(ids: ids.map(\.rawValue))") {
                guard let answer = try $0[1] as String? else { return }
                kept[try $0[0]] = try StoredJSON.value(answer)
            }
            return kept
        }
    }
}

extension Submitted {
    init(_ id: JobID, _ summary: GenerationSummary?, isRepetition: Bool) {
        self.init(
            id: id, status: summary?.status ?? .pending, position: summary?.waiting?.position, eta: summary?.eta,
            isRepetition: isRepetition)
    }
}
