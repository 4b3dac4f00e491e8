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
        withPlaces = entries.filter { $0.definition.place != nil }.map(\.id).sorted()
    }

    var all: [Entry] { byID.values.sorted { $0.id < $1.id } }
    func entry(_ name: PoolName) throws(EngineError) -> Entry {
        guard let entry = byName[name] else { throw .unknownPool(name) }
        return entry
    }
    func known(_ name: PoolName) -> Entry? { byName[name] }
    func name(_ id: PoolID) -> PoolName? { byID[id]?.definition.name }
    func definition(_ id: PoolID) -> PoolDefinition? { byID[id]?.definition }
    /// As this process was configured; another may have changed the stored row since.
    func isLimited(_ id: PoolID) -> Bool { byID[id]?.definition.isLimited ?? true }

    /// Pools whose places outlast the steps that take them.
    let withPlaces: [PoolID]
    var keepsPlaces: Bool { !withPlaces.isEmpty }
    func keepsPlaces(_ pool: PoolID) -> Bool { withPlaces.contains(pool) }
    func signalOfPlaces(in pool: PoolID) -> String? { byID[pool]?.definition.place?.signal }

    /// Rejects a cost that could never be granted: it would stand at the head of its pool for ever.
    func check(_ cost: Double, in entry: Entry) throws {
        guard cost > 0, cost.isFinite else { throw StepFailure.worthless(cost) }
        if let perMinute = entry.definition.costPerMinute, cost > perMinute {
            throw EngineError.costOverLimit(pool: entry.definition.name, cost: cost)
        }
    }
}

/// Stores the configured pools and returns them with their ids.
enum StorePools {
    static func run(
        _ definitions: [PoolDefinition], changingKnown: Bool = true, in transaction: borrowing Transaction
    ) throws -> PoolDirectory {
        var entries: [PoolDirectory.Entry] = []
        for definition in definitions {
            let largest: Int64 = try transaction.value("select coalesce(max(id), 0) from pools") ?? 0
            let id: PoolID? = try transaction.value("select id from pools where name = \(definition.name.rawValue)")
            let entry = PoolDirectory.Entry(id: id ?? PoolID(rawValue: largest + 1), definition: definition)
            entries.append(entry)
            guard id == nil || changingKnown else { continue }
            try transaction.execute(upsert(definition, id: entry.id))
            try bringUpToDate(entry, in: transaction)
        }
        return PoolDirectory(entries)
    }

    /// Lanes made under an earlier configuration get today's terms, and one that stands at its cap is looked at again.
    ///
    /// The pool's row is locked by now, so that the lanes' counters add up: a pool without limits does not count what
    /// runs, and one that has just got a cap must know.
    private static func bringUpToDate(_ entry: PoolDirectory.Entry, in transaction: borrowing Transaction) throws {
        let terms = entry.definition.lane
        let lanes: [LaneID] = try transaction.values(
            """
            select id from lanes
             where pool_id = \(entry.id)
               and (cap is distinct from \(Engine.cap(by: terms))
                 or rate is distinct from cast(\(terms.rate) as double precision)
                 or burst is distinct from cast(\(terms.burst) as double precision))
             order by id \(.lock(.noKeyUpdate))
            """)
        if !lanes.isEmpty {
            try transaction.execute(
                """
                update lanes
                   set cap = \(Engine.cap(by: terms)), rate = cast(\(terms.rate) as double precision),
                       burst = cast(\(terms.burst) as double precision), parked = 0, vt = \(Engine.clampedTurn)
                 where id \(ids: lanes.map(\.rawValue))
                """)
        }
        guard entry.definition.isLimited else { return }
        try transaction.execute(
            """
            update pools
               set running = (select coalesce(sum(l.running), 0) from lanes l where l.pool_id = pools.id)
             where id = \(entry.id)
            """)
    }

    private static func upsert(_ pool: PoolDefinition, id: PoolID) -> SQL {
        let perMillisecond = 1.0 / 60_000
        let costBurst = pool.costPerMinute.map { pool.costBurst ?? $0 * perMillisecond * 1000 }
        return """
            insert into pools (id, name, limited, req_rate, req_burst, cost_rate, cost_burst, cap, credit, follows,
                               place_life, place_signal)
            values (\(id), \(pool.name.rawValue), \(pool.isLimited),
                cast(\(pool.requestsPerMinute.map { $0 * perMillisecond }) as double precision),
                cast(\(pool.requestsPerMinute.map { _ in pool.requestBurst }) as double precision),
                cast(\(pool.costPerMinute.map { $0 * perMillisecond }) as double precision),
                cast(\(costBurst) as double precision), cast(\(pool.concurrency) as bigint), \(pool.credit),
                \(pool.followsProvider), cast(\(pool.place.map { Int64($0.life.milliseconds) }) as bigint),
                \(pool.place?.signal))
            on conflict (name) do update
               set limited = excluded.limited, req_rate = excluded.req_rate, req_burst = excluded.req_burst,
                   cost_rate = excluded.cost_rate, cost_burst = excluded.cost_burst, cap = excluded.cap,
                   credit = excluded.credit, follows = excluded.follows, place_life = excluded.place_life,
                   place_signal = excluded.place_signal
            """
    }
}
