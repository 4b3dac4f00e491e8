import Database
import Logging

extension Engine {
    /// How much of its work a fallback pool is given at one time: what it serves in this many milliseconds.
    private static let reliefMilliseconds = 5_000.0
    /// Jobs that go over in one transaction, and lanes from which they come.
    private static let reliefJobsMax = 100

    var hasFallbacks: Bool { pools.all.contains { $0.definition.fallback != nil } }

    /// Sends work over from pools where it would wait too long to those that stand in for them, until they have enough.
    func relievePools() async throws {
        for entry in pools.all where entry.definition.fallback != nil { try await relieve(entry) }
    }

    /// Moves the jobs that are next in their pool's fair order, as many as would otherwise begin after the time that the
    /// terms give, and as the fallback begins within seconds.
    ///
    /// Those who are next go, not those who wait longest: they begin at once, and everybody behind them moves up. Within
    /// the fallback its own lanes are fair. What has gone over stays there, unless the fallback is shut and the pool is
    /// not; its next step stands in its own pool again. Two workers that do this at the same moment may together send twice
    /// as much.
    ///
    /// - Returns: how many went over, or came back.
    @discardableResult
    func relieve(_ entry: PoolDirectory.Entry) async throws -> Int {
        guard let terms = entry.definition.fallback, let fallback = pools.known(terms.pool) else { return 0 }
        let limit = terms.after.milliseconds
        let (moved, isBack) = try await transaction { transaction, wakes -> (Int, Bool) in
            let now = try transaction.now()
            guard let load = try self.load(of: entry.id, at: now, in: transaction),
                let other = try self.load(of: fallback.id, at: now, in: transaction)
            else { return (0, false) }
            var room = Arrival(count: Self.reliefJobsMax, cost: .infinity)
            let (source, target): (PoolDirectory.Entry, PoolDirectory.Entry)
            if other.isShut, other.waiting.count > 0, !load.isShut {
                (source, target) = (fallback, entry)
            } else {
                guard load.wait(beyond: limit) > limit else { return (0, false) }
                room.bound(by: other.free(within: Self.reliefMilliseconds))
                room.bound(by: load.excess(over: limit))
                (source, target) = (entry, fallback)
            }
            guard room.count > 0, room.cost > 0 else { return (0, false) }
            let heads = try self.headsInTurn(of: source.id, upTo: room, at: now, in: transaction)
            let moved = try self.move(heads, from: source, to: target, at: now, in: transaction, waking: wakes)
            return (moved, target.id == entry.id)
        }
        if moved > 0 {
            logger.info(
                isBack ? "work comes back from a fallback pool that is shut" : "work goes over to a fallback pool",
                metadata: [
                    "pool": "\(entry.definition.name)", "fallback": "\(fallback.definition.name)", "jobs": "\(moved)",
                ])
        }
        return moved
    }

    private func load(of pool: PoolID, at now: Double, in transaction: borrowing Transaction) throws -> PoolLoad? {
        guard let state = try stateToShow(of: pool, at: now, in: transaction) else { return nil }
        // What a tenant's own pause, cap or rate holds back does not wait for the pool.
        let waiting: Arrival? = try transaction.one(
            """
            select coalesce(cast(sum(w.n) as bigint), 0), coalesce(sum(w.cost), 0)
              from (select backlog_count as n, backlog_cost as cost from lanes
                     where pool_id = \(pool) and has_work = 1 and held = 0 and parked = 0
                    union all
                    select d.n, d.cost from lane_deltas d join lanes l on l.id = d.lane_id
                     where d.pool_id = \(pool) and l.held = 0 and l.parked = 0) w
            """)
        let circuit = try state.circuit == .closed ? nil : circuit(of: pool, in: transaction)
        return PoolLoad(
            state: state, waiting: waiting ?? Arrival(), missedFor: circuit.map { now - $0.awaySince }, now: now)
    }

    /// The pool's next jobs in the order in which claims would take them, nothing locked.
    private func headsInTurn(
        of pool: PoolID, upTo room: Arrival, at now: Double, in transaction: borrowing Transaction
    ) throws -> [LaneHead] {
        let lanes: [LaneState] = try transaction.all(
            """
            select \(LaneState.columns) from lanes
             where pool_id = \(pool) and has_work = 1 and held = 0 and parked = 0
             order by vt, id limit \(Self.lanesMax)
            """)
        var waiting = try heads(of: lanes, each: room.count, at: now, in: transaction).mapValues { $0[...] }
        var turns = lanes
        var (taken, left): ([LaneHead], Double) = ([], room.cost)
        while taken.count < room.count,
            let index = turns.indices.filter({ waiting[turns[$0].id]?.isEmpty == false })
                .min(by: { turns[$0].turn < turns[$1].turn }),
            let head = waiting[turns[index].id]?.popFirst()
        {
            left -= head.cost
            guard left >= 0 || taken.isEmpty else { break }
            taken.append(head)
            turns[index].turn += head.cost / turns[index].weight
        }
        return taken
    }

    private func move(
        _ heads: [LaneHead], from entry: PoolDirectory.Entry, to fallback: PoolDirectory.Entry, at now: Double,
        in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> Int {
        guard !heads.isEmpty else { return 0 }
        // A claim that holds one of them has it; so does whoever cancels it.
        let jobs: [JobRow] = try transaction.all(
            """
            select \(JobRow.columns) from jobs
             where \(Self.areReady(heads.map(\.id), in: Array(Set(heads.map(\.lane)).sorted())))
             order by id \(.lock(.updateSkipLocked))
            """)
        // Lanes are made in the order of tenants, as everywhere, so that no two wait for each other.
        var lanes: [TenantID: LaneID] = [:]
        for tenant in Set(jobs.map(\.tenant)).sorted() {
            lanes[tenant] = try ensureLane(of: tenant, in: fallback, transaction)
        }
        var (places, deltas, events): ([[SQLValue]], [LaneDelta], [EventRow]) = ([], [], [])
        var arrivals: [LaneID: Arrival] = [:]
        for job in jobs {
            guard let lane = job.lane, let place = lanes[job.tenant],
                fallback.definition.costPerMinute.map({ job.cost <= $0 }) ?? true
            else { continue }
            places.append([job.id.sqlValue, place.sqlValue])
            deltas.append(LaneDelta(pool: entry.id, lane: lane, count: -1, cost: -job.cost))
            events.append(
                EventRow(
                    job: job.id, at: now, kind: .rerouted, step: job.step, detail: fallback.definition.name.rawValue))
            arrivals[place, default: Arrival()].add(job.cost)
        }
        guard !places.isEmpty else { return 0 }
        try transaction.execute(
            "update jobs set lane_id = v.column2 from \(table: places) where jobs.id = v.column1")
        try append(events, in: transaction)
        try append(deltas, in: transaction)
        try arrive(arrivals, in: transaction, waking: wakes)
        wakes.events()
        return places.count
    }
}

/// What a pool has before it, and how quickly it gets on. Times are milliseconds.
private struct PoolLoad {
    let state: PoolState
    let waiting: Arrival
    /// Since when its provider has not answered; nil while its circuit is closed.
    let missedFor: Double?
    let now: Double

    /// By a person, or by a provider that refuses every call.
    var isShut: Bool { state.isHeld || state.stop?.holds(at: now) == true }
    /// Until anything may start at all.
    private var pause: Double { max(0, state.permits.earliest() - now) }
    /// What all that waits takes at the pool's pace, once it goes on.
    private var work: Double {
        max(
            state.permits.requests.map { Double(waiting.count) / $0.rate } ?? 0,
            state.permits.cost.map { waiting.cost / $0.rate } ?? 0)
    }

    /// How long who came last would wait. A person's pause is no reason to go elsewhere; a provider's is, and one that has
    /// been away for longer than `limit` is not waited for.
    func wait(beyond limit: Double) -> Double {
        guard waiting.count > 0, !state.isHeld else { return 0 }
        return isShut || (missedFor ?? 0) > limit ? .infinity : pause + work
    }

    /// The part of what waits that would begin later than `limit` from now.
    func excess(over limit: Double) -> Arrival {
        let wait = wait(beyond: limit)
        guard wait.isFinite, work > 0 else { return waiting }
        let share = min(1, (wait - limit) / work)
        return Arrival(count: Int((Double(waiting.count) * share).rounded(.up)), cost: waiting.cost * share)
    }

    /// What the pool could begin beside what it has, within a time.
    func free(within time: Double) -> Arrival {
        guard !isShut, state.circuit == .closed, pause < 1_000 else { return Arrival() }
        let count = state.permits.requests.map { $0.rate * time - Double(waiting.count) } ?? .infinity
        let cost = state.permits.cost.map { $0.rate * time - waiting.cost } ?? .infinity
        let idle = waiting.count <= 0
        return Arrival(
            count: min(max(idle ? 1 : 0, Int(min(count, 1e6))), state.room), cost: max(idle ? 1e-9 : 0, cost))
    }
}

extension Arrival {
    fileprivate mutating func bound(by other: Arrival) {
        count = min(count, other.count)
        cost = min(cost, other.cost)
    }
}

extension Arrival: RowDecodable {
    init(_ row: borrowing Row) throws { self.init(count: try max(0, row[0]), cost: try max(0, row[1])) }
}
