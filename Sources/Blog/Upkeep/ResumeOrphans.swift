import Database
import Engine
import Logging
import ProductKit

extension BlogUpkeep {
    /// Resumes generations whose row says `PENDING` although their job has ended: the old habit of setting failed rows back
    /// by SQL.
    ///
    /// - Returns: how many go on.
    package func resumeOrphans(limit: Int = 100) async throws -> Int {
        let orphans: [JobID] = try await engine.database.read { transaction in
            try transaction.values(
                """
                select id from blog_generations where status = 'PENDING' and is_live = 0 order by id limit \(limit)
                """)
        }
        var resumed = 0
        for id in orphans where try await resumeOrLog(id) { resumed += 1 }
        return resumed
    }

    /// One bad row must not hold up the others; a database that is away holds up all of them.
    private func resumeOrLog(_ id: JobID) async throws -> Bool {
        do {
            return try await resume(id)
        } catch let error as CancellationError {
            throw error
        } catch let error as DatabaseError where error.isUnavailable {
            throw error
        } catch {
            logger.warning("could not resume", metadata: ["job": "\(id)", "error": "\(error)"])
            return false
        }
    }

    /// A transaction each.
    private func resume(_ id: JobID) async throws -> Bool {
        do {
            return try await engine.transaction { transaction, wakes in
                try engine.retry(id, by: "recovery sweep", in: transaction, waking: wakes)
                return true
            }
        } catch EngineError.unknownJob {
            return try await enqueueAgain(id)
        } catch EngineError.wrongState(_, let state) {
            try await showAgain(id, state)
            return false
        }
    }

    /// The job itself is gone: the row's request begins anew under its old id.
    private func enqueueAgain(_ id: JobID) async throws -> Bool {
        try await engine.transaction { transaction, wakes in
            guard let orphan: Orphan = try transaction.one(Orphan.query(id)) else { return false }
            let request: GenerationRequest = try StoredJSON.value(orphan.request)
            let brief = Brief(request, for: orphan.site, product: try orphan.product.map { try StoredJSON.value($0) })
            try transaction.execute("update blog_generations set is_live = 1 where id = \(id)")
            try engine.enqueue(
                brief, as: BlogGeneration.self, for: orphan.site.tenant, id: id, in: transaction, waking: wakes)
            return true
        }
    }

    /// The job is not one that can be retried: the row says again what is true.
    private func showAgain(_ id: JobID, _ state: JobState) async throws {
        logger.notice("a row was set back to PENDING in vain", metadata: ["job": "\(id)", "state": "\(state.name)"])
        let truth: SQL = state == .succeeded ? "status = 'DONE'" : "is_live = 1"
        try await engine.database.transaction { transaction in
            _ = try transaction.execute("update blog_generations set \(truth) where id = \(id) and status = 'PENDING'")
        }
    }
}

private struct Orphan: RowDecodable {
    let site: Site
    let request: String
    let product: String?

    static func query(_ id: JobID) -> SQL {
        """
        select \(Site.joinedColumns), g.request, g.product
          from blog_generations g join sites s on s.tenant_id = g.tenant_id
         where g.id = \(id) \(postgres: "for no key update of g", sqlite: "")
        """
    }

    init(_ row: borrowing Row) throws {
        site = try Site(row)
        request = try row[Site.columnsCount]
        product = try row[Site.columnsCount + 1]
    }
}
