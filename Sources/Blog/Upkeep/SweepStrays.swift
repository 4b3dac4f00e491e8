import Database
import Engine
import Logging
import Publishers

extension BlogUpkeep {
    /// Removes drafts and posts that bear our marker and are not the recorded one: left by a worker that was taken for dead
    /// in the middle of `draft`. Looks only where that may have happened, and only after the end.
    ///
    /// - Returns: how many were removed.
    package func sweepStrays(limit: Int = 20) async throws -> Int {
        let grace = strayGrace
        let suspects: [Suspect] = try await engine.database.read { transaction in
            let now = try transaction.now()
            return try transaction.all(
                """
                select id, instance_id, draft_id from blog_generations
                 where stray_check = 1 and is_live = 0 and finished_at <= \(timestamp: now - grace.milliseconds)
                 order by id limit \(limit)
                """)
        }
        var removed = 0
        for suspect in suspects { removed += await sweep(suspect) }
        return removed
    }

    /// A destination that cannot be reached is tried again in the next round.
    private func sweep(_ suspect: Suspect) async -> Int {
        do {
            let destination = try await publisher(suspect.site)
            let strays = try await destination.strays(
                marker: BlogGeneration.marker(suspect.id), keeping: suspect.draft.map { PostID($0) },
                deadline: .seconds(60))
            for stray in strays {
                guard try await isStillOver(suspect) else { return 0 }
                try await destination.remove(stray, deadline: .seconds(60))
            }
            // A retry may have begun meanwhile: then its own end decides anew.
            guard try await isStillOver(suspect) else { return strays.count }
            try await engine.database.transaction { transaction in
                _ = try transaction.execute(
                    "update blog_generations set stray_check = 0 where id = \(suspect.id) and is_live = 0")
            }
            return strays.count
        } catch {
            logger.warning("could not look for strays", metadata: ["job": "\(suspect.id)", "error": "\(error)"])
            return 0
        }
    }

    /// Whether nothing has begun since it was found. A retry may adopt what looked like a stray, and record it.
    private func isStillOver(_ suspect: Suspect) async throws -> Bool {
        let now: Suspect? = try await engine.database.read { transaction in
            try transaction.one(
                "select id, instance_id, draft_id from blog_generations where id = \(suspect.id) and is_live = 0")
        }
        return now.map { $0.draft == suspect.draft } ?? false
    }
}

private struct Suspect: RowDecodable, Sendable {
    let id: JobID
    let site: String
    let draft: String?
    init(_ row: borrowing Row) throws {
        id = try row[0]
        site = try row[1]
        draft = try row[2]
    }
}
