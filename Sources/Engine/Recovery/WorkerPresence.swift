import Database

/// A worker process as the others see it.
public struct WorkerRecord: Sendable, RowDecodable {
    public let id: Incarnation
    public let name: String
    public let version: String
    public let kinds: [String]
    public let slots: Int
    public let running: Int
    /// Milliseconds since 1970.
    public let startedAt: Double
    public let heartbeat: Double
    public let stoppedAt: Double?

    static let columns: SQL = "id, name, version, kinds, slots, running, started_at, heartbeat, stopped_at"

    public init(_ row: borrowing Row) throws {
        id = try row[0]
        name = try row[1]
        version = try row[2]
        kinds = try (row[3] as String).split(separator: " ").map(String.init)
        slots = try row[4]
        running = try row[5]
        startedAt = try Double(row[6] as Int64)
        heartbeat = try Double(row[7] as Int64)
        stoppedAt = try (row[8] as Int64?).map(Double.init)
    }
}

extension Engine {
    /// The class of the advisory locks that say "this worker's session lives"; the object is the incarnation.
    public static let presenceLockClass: Int32 = 1_349_677_427

    func announceWorker(name: String, version: String, slots: Int) async throws {
        let kinds = workflows.kinds.map(\.rawValue).joined(separator: " ")
        _ = try await database.transaction { transaction in
            let now = try Int64(transaction.now())
            try transaction.execute(
                """
                insert into workers (id, name, version, kinds, slots, started_at, heartbeat, server_started)
                values (\(self.incarnation), \(name), \(version), \(kinds), \(slots), \(now), \(now), \(Self.serverStart))
                on conflict (id) do nothing
                """)
        }
    }

    func beat(running: Int) async throws {
        _ = try await database.transaction { transaction in
            try transaction.execute(
                """
                update workers set heartbeat = \(Int64(transaction.now())), running = \(running), stopped_at = null
                 where id = \(self.incarnation)
                """)
        }
    }

    func retireWorker() async throws {
        _ = try await database.transaction { transaction in
            try transaction.execute(
                "update workers set stopped_at = \(Int64(transaction.now())), running = 0 where id = \(self.incarnation)"
            )
        }
    }

    /// Workers with running steps whose session is not there at this look.
    ///
    /// On PostgreSQL a look counts only for workers that registered since the server started (a restart ends every
    /// session), and whoever asks believes an absence only at the second look. On SQLite one process runs the workers and
    /// holds a file lock for it: any other worker with running steps is dead.
    func absentWorkers() async throws -> Set<Incarnation> {
        try await database.read { transaction in
            let absent: [Incarnation] = try transaction.values(
                """
                select w.id from workers w
                 where w.id <> \(self.incarnation)
                   and exists (select 1 from jobs j where j.state = 1 and j.worker = w.id)
                   \(postgres: Self.sessionIsGone, sqlite: "")
                 order by w.id limit 100
                """)
            return Set(absent)
        }
    }

    /// A two-key advisory lock shows its keys as classid and objid, with objsubid 2; an incarnation's low 31 bits do.
    private static let sessionIsGone: SQL = """
        and w.server_started = cast(pg_postmaster_start_time() as text)
        and not exists (
            select 1 from pg_locks l
             where l.locktype = 'advisory' and l.objsubid = 2 and l.granted and l.classid = 1349677427
               and cast(l.objid as bigint) = w.id)
        """

    private static var serverStart: SQL {
        "\(postgres: "cast(pg_postmaster_start_time() as text)", sqlite: "''")"
    }
}
