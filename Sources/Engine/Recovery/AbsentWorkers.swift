import Database

extension Engine {
    /// The class of the advisory locks that say "this worker's session lives"; the object is the incarnation.
    public static let presenceLockClass: Int32 = 1_349_677_427

    /// Workers with running steps whose session is not there at this look.
    ///
    /// On PostgreSQL the absence of a session says something only about a worker that was seen to hold one since the
    /// server started (a restart ends every session, and behind a transaction pooler there are none), and whoever asks
    /// believes it only at the second look, and while it has a session itself: the server may have ended them all. On SQLite one process runs the workers and holds a file lock for it: any
    /// other worker with running steps is dead.
    func absentWorkers() async throws -> Set<Incarnation> {
        try await database.read { transaction in
            // Nearly always only this one, and then nothing else is read.
            let owners: [Incarnation] = try transaction.values(
                "select distinct worker from jobs where state = 1 and worker is not null")
            let others = owners.filter { $0 != self.incarnation }.map(\.rawValue)
            guard !others.isEmpty else { return [] }
            if let living = self.livingWorkers?() { return Set(owners).subtracting(living.union([self.incarnation])) }
            let absent: [Incarnation] = try transaction.values(
                """
                select w.id from workers w
                 where w.id \(ids: others) \(postgres: self.sessionIsGone, sqlite: "") order by w.id
                """)
            return Set(absent)
        }
    }

    /// One look is enough on SQLite, where a file lock proves that no other worker lives.
    var isAbsenceProven: Bool { database.dialect == .sqlite && livingWorkers == nil }

    /// Notes that this worker holds a session, once it does and again after the server has restarted. Until then only
    /// its leases protect its steps, and only their end gives them away.
    /// - Returns: whether it is noted, and there is nothing more to do.
    func noteSession() async throws -> Bool {
        guard database.dialect == .postgres else { return true }
        let (isNoted, lives): (Bool, Bool) = try await database.read { transaction in
            var found = (false, false)
            try transaction.forEach(
                """
                select case when w.server_started = \(Self.serverStart) then 1 else 0 end,
                       case when \(Self.sessionLives(of: "w.id")) then 1 else 0 end
                  from workers w where w.id = \(self.incarnation)
                """
            ) { found = (try $0[0], try $0[1]) }
            return found
        }
        guard lives, !isNoted else { return isNoted }
        _ = try await database.transaction { transaction in
            try transaction.execute(
                "update workers set server_started = \(Self.serverStart) where id = \(self.incarnation)")
        }
        return true
    }

    private static let serverStart: SQL = "cast(pg_postmaster_start_time() as text)"

    /// A two-key advisory lock shows its keys as classid and objid, with objsubid 2.
    private static func sessionLives(of worker: SQL) -> SQL {
        """
        exists (
            select 1 from pg_locks l
             where l.locktype = 'advisory' and l.objsubid = 2 and l.granted and l.classid = 1349677427
               and l.database = (select d.oid from pg_database d where d.datname = current_database())
               and cast(l.objid as bigint) = \(worker))
        """
    }

    private var sessionIsGone: SQL {
        """
        and w.server_started = \(Self.serverStart) and not \(Self.sessionLives(of: "w.id"))
        and \(Self.sessionLives(of: "\(incarnation)"))
        """
    }
}
