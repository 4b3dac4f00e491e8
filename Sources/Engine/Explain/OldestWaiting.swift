import Database

extension Engine {
    /// More lanes than this are not looked at: the look must stay quick.
    private static let lanesLookedAtMax = 5_000

    /// How long the job that is next in its lane has been there, of all lanes that may go on the one where it is longest;
    /// nil when none waits.
    ///
    /// Within a lane jobs go in their order, so that a lane whose next job is young moves.
    public func longestWait() async throws -> Duration? {
        try await database.read { transaction in
            let now = try transaction.now()
            let since: Int64? = try transaction.value(
                """
                select min((select j.since_at from jobs j where j.lane_id = l.id and j.state = 0
                             order by j.rank desc, j.priority, j.id limit 1))
                  from (select id from lanes where has_work = 1 and held = 0 order by vt limit \(Self.lanesLookedAtMax)) l
                """)
            return since.map { .milliseconds(max(0, now - Double($0))) }
        }
    }
}
