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
    func announceWorker(name: String, version: String, slots: Int) async throws {
        let kinds = workflows.kinds.map(\.rawValue).joined(separator: " ")
        _ = try await database.transaction { transaction in
            let now = try Int64(transaction.now())
            try transaction.execute(
                """
                insert into workers (id, name, version, kinds, slots, started_at, heartbeat, server_started)
                values (\(self.incarnation), \(name), \(version), \(kinds), \(slots), \(now), \(now), '')
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
}
