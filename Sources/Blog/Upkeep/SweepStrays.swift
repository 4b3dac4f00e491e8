import Database
import Engine
import Logging
import Publishers

extension BlogUpkeep {
    /// Removes drafts and posts that bear our marker and are not the recorded one: left by a worker that was taken for dead
    /// in the middle of `draft`. Looks only where that may have happened, only after the end, and at each site once for
    /// all that it may hold. What could not be looked at is put back, each time for longer, so that one site that cannot be
    /// reached holds up no other.
    ///
    /// - Returns: how many were removed.
    package func sweepStrays(limit: Int = 200) async throws -> Int {
        var removed = 0
        for (site, suspects) in Dictionary(grouping: try await takeSuspects(limit), by: \.site) {
            do {
                removed += try await sweep(site, suspects)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                logger.warning("could not look for strays", metadata: ["site": "\(site)", "error": "\(error)"])
            }
        }
        return removed
    }

    /// Those whose time has come, of sites that are not paused; nobody else looks at them for a while.
    private func takeSuspects(_ limit: Int) async throws -> [Suspect] {
        let grace = strayGrace
        return try await engine.database.transaction { transaction in
            let now = try transaction.now()
            let suspects: [Suspect] = try transaction.all(
                """
                select g.id, g.instance_id, g.draft_id, g.stray_looks
                  from blog_generations g join tenants t on t.id = g.tenant_id
                 where g.stray_check = 1 and g.is_live = 0 and g.stray_due <= \(Int64(now)) and t.held = 0
                   and g.finished_at <= \(timestamp: now - grace.milliseconds)
                 order by g.stray_due, g.id limit \(limit) \(postgres: "for no key update of g skip locked", sqlite: "")
                """)
            for (looks, group) in Dictionary(grouping: suspects, by: \.looks) {
                try transaction.execute(
                    """
                    update blog_generations
                       set stray_due = \(Int64(now + Self.pause(after: looks).milliseconds)), stray_looks = \(looks + 1)
                     where id \(ids: group.map(\.id.rawValue))
                    """)
            }
            return suspects
        }
    }

    /// Until the next look: two minutes, then twice as long each time, up to an hour.
    private static func pause(after looks: Int) -> Duration { min(.seconds(120 << min(looks, 8)), .seconds(3_600)) }

    private func sweep(_ site: String, _ suspects: [Suspect]) async throws -> Int {
        let destination = try await publisher(site)
        let strays = try await destination.strays(
            of: suspects.map { MarkedPost(marker: BlogGeneration.marker($0.id), kept: $0.draft.map { PostID($0) }) },
            deadline: .seconds(60))
        var removed = 0
        for suspect in suspects {
            for stray in strays[BlogGeneration.marker(suspect.id)] ?? [] where try await isStillOver(suspect) {
                try await destination.remove(stray, deadline: .seconds(60))
                removed += 1
            }
        }
        try await settle(suspects)
        return removed
    }

    /// A retry may have begun meanwhile: then its own end decides anew.
    private func settle(_ suspects: [Suspect]) async throws {
        try await engine.database.transaction { transaction in
            for suspect in suspects {
                try transaction.execute(
                    """
                    update blog_generations set stray_check = 0, stray_due = 0, stray_looks = 0
                     where id = \(suspect.id) and is_live = 0
                       and draft_id is not distinct from \(suspect.draft)
                    """)
            }
        }
    }

    /// Whether nothing has begun since it was found. A retry may adopt what looked like a stray, and record it.
    private func isStillOver(_ suspect: Suspect) async throws -> Bool {
        try await engine.database.read { transaction in
            let same: Int? = try transaction.value(
                """
                select 1 from blog_generations
                 where id = \(suspect.id) and is_live = 0 and draft_id is not distinct from \(suspect.draft)
                """)
            return same == 1
        }
    }
}

private struct Suspect: RowDecodable, Sendable {
    let id: JobID
    let site: String
    let draft: String?
    /// How often somebody has looked in vain.
    let looks: Int
    init(_ row: borrowing Row) throws {
        id = try row[0]
        site = try row[1]
        draft = try row[2]
        looks = try row[3]
    }
}
