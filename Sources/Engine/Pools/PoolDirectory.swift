import Database

/// The configured pools by name: fixed while the process lives.
struct PoolDirectory: Sendable {
    struct Entry: Sendable {
        let id: PoolID
        let definition: PoolDefinition
    }
    private let byName: [PoolName: Entry]
    private let byID: [PoolID: Entry]

    init(_ entries: [Entry]) {
        byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.definition.name, $0) })
        byID = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })
    }

    var all: [Entry] { byID.values.sorted { $0.id < $1.id } }
    func entry(_ name: PoolName) throws(EngineError) -> Entry {
        guard let entry = byName[name] else { throw .unknownPool(name) }
        return entry
    }
    func name(_ id: PoolID) -> PoolName? { byID[id]?.definition.name }

    /// Rejects a cost that could never be granted: it would stand at the head of its pool for ever.
    func check(_ cost: Double, in entry: Entry) throws(EngineError) {
        precondition(cost > 0 && cost.isFinite, "a step costs more than nothing")
        if let perMinute = entry.definition.costPerMinute, cost > perMinute {
            throw .costOverLimit(pool: entry.definition.name, cost: cost)
        }
    }
}

/// Stores the configured pools and returns them with their ids.
enum StorePools {
    static func run(_ definitions: [PoolDefinition], in transaction: borrowing Transaction) throws -> PoolDirectory {
        var entries: [PoolDirectory.Entry] = []
        for definition in definitions {
            let largest: Int64 = try transaction.value("select coalesce(max(id), 0) from pools") ?? 0
            let id: PoolID? = try transaction.value("select id from pools where name = \(definition.name.rawValue)")
            let entry = PoolDirectory.Entry(id: id ?? PoolID(rawValue: largest + 1), definition: definition)
            try transaction.execute(upsert(definition, id: entry.id))
            entries.append(entry)
        }
        return PoolDirectory(entries)
    }

    private static func upsert(_ pool: PoolDefinition, id: PoolID) -> SQL {
        let perMillisecond = 1.0 / 60_000
        let costBurst = pool.costPerMinute.map { pool.costBurst ?? $0 * perMillisecond * 1000 }
        return """
            insert into pools (id, name, limited, req_rate, req_burst, cost_rate, cost_burst, cap, credit)
            values (\(id), \(pool.name.rawValue), \(pool.isLimited),
                cast(\(pool.requestsPerMinute.map { $0 * perMillisecond }) as double precision),
                cast(\(pool.requestsPerMinute.map { _ in pool.requestBurst }) as double precision),
                cast(\(pool.costPerMinute.map { $0 * perMillisecond }) as double precision),
                cast(\(costBurst) as double precision), cast(\(pool.concurrency) as bigint), \(pool.credit))
            on conflict (name) do update
               set limited = excluded.limited, req_rate = excluded.req_rate, req_burst = excluded.req_burst,
                   cost_rate = excluded.cost_rate, cost_burst = excluded.cost_burst, cap = excluded.cap,
                   credit = excluded.credit
            """
    }
}
