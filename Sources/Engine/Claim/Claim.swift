import Database

/// A step that this process may perform, until its lease ends.
struct ClaimedStep: Sendable {
    var job: JobRow
    var pool: PoolID
    var rank: Int
    /// What the pool and the lane were charged.
    var charged: Double
    /// How long to wait before the call, from the moment of the claim; at most the horizon.
    var delay: Duration
    /// Milliseconds since 1970 by the database's clock.
    var start: Double
    var crashes = 0
    /// It was claimed while the pool's circuit was not closed: an answer is news.
    var isTrial = false
    /// False for a job that was never claimed before and that nobody has told anything.
    var mayHaveHistory = true
    var history = History()
    /// All that its pool had granted, this step included.
    var granted = LearnedLimits.Granted()
    /// What the provider said of its limits beside the answer; known once the step is performed.
    var limits: ReportedLimits?
}

/// What a claim brought.
struct Claim: Sendable {
    var steps: [ClaimedStep] = []
    /// When the pool, or a lane's own rate, grants the next start, if less was granted than was asked for.
    var nextIn: Duration?
    /// It looked at as many lanes as one claim may; others may have work.
    var mayHaveMore = false
    /// Other workers hold every eligible lane: look again in a moment.
    var isContended = false
    /// What the steps' jobs have behind them was read in the claim's own transaction.
    var hasHistories = false
}

extension Engine {
    /// How many lanes one claim looks at.
    static let lanesMax = 20

    /// Takes up to `limit` steps of a pool, in fair order, as far as the pool grants permits.
    ///
    /// Lock order: the pool first (its holder waits for nothing after), then lanes, deltas' lanes and jobs, all of them
    /// with `skip locked`, so that two claimers never wait for each other.
    func claim(_ pool: PoolID, upTo limit: Int, lease: Duration) async throws -> Claim {
        guard limit > 0 else { return Claim() }
        if let pause = try await pauseBeforeClaim(pool) { return Claim(nextIn: pause) }
        var claim = try await database.transaction { transaction in
            try self.claim(pool, upTo: limit, lease: lease, in: transaction)
        }
        if claim.hasHistories { return claim }
        do { try await loadHistories(into: &claim) } catch {
            // Their lease would run out and count as a crash. When the database is away this fails as well, and it
            // does.
            for step in claim.steps { _ = try? await release(step, spent: nil) }
            throw error
        }
        return claim
    }

    /// Records what is done and takes new steps of the same pool, one without limits, in one transaction: one commit
    /// for both.
    ///
    /// - Parameter limit: beyond the steps that are recorded, whose slots are free again; nil claims none.
    /// - Returns: the jobs whose steps are recorded, and what was claimed.
    func recordAndClaim(
        _ done: [DoneStep], of pool: PoolID, upTo limit: Int?, atMost batch: Int, lease: Duration,
        failpoints: Failpoints
    ) async throws -> (recorded: Set<JobID>, claim: Claim) {
        try await transaction { transaction, wakes in
            let now = try transaction.now()
            let recorded = try self.record(done, at: now, failpoints: failpoints, in: transaction, waking: wakes)
            guard let limit, limit + recorded.count > 0 else { return (recorded, Claim()) }
            let room = min(batch, limit + recorded.count)
            return (recorded, try self.claim(pool, upTo: room, lease: lease, in: transaction))
        }
    }

    /// A look at the pool's times without a lock; nil when a claim may succeed.
    private func pauseBeforeClaim(_ pool: PoolID) async throws -> Duration? {
        guard pools.isLimited(pool) else { return nil }
        return try await database.read { transaction in
            guard let state = try self.state(of: pool, in: transaction) else { return nil }
            if state.isHeld { return .seconds(5) }
            let now = try transaction.now()
            if let stop = state.stop, stop.holds(at: now) { return Self.pause(of: stop, at: now) }
            let earliest = state.permits.earliest()
            return earliest > now + limits.horizon.milliseconds
                ? .milliseconds(earliest - now - limits.horizon.milliseconds) : nil
        }
    }

    private func state(of pool: PoolID, in transaction: borrowing Transaction) throws -> PoolState? {
        try transaction.one("select \(PoolState.columns) from pools where id = \(pool)")
    }

    /// The pool's row, locked if it has limits. What this process was configured with is a guess that spares a
    /// statement; the row says how it is.
    private func stateForClaim(of pool: PoolID, in transaction: borrowing Transaction) throws -> PoolState? {
        if !pools.isLimited(pool), let state = try state(of: pool, in: transaction), !state.isLimited {
            if state.circuit == .closed { return state }
            // This transaction may hold jobs that it has just recorded, so that it must not wait for a pool.
            return try transaction.one(
                "select \(PoolState.columns) from pools where id = \(pool) \(.lock(.noKeyUpdateSkipLocked))")
        }
        return try transaction.one("select \(PoolState.columns) from pools where id = \(pool) \(.lock(.noKeyUpdate))")
    }

    private func claim(
        _ id: PoolID, upTo limit: Int, lease: Duration, in transaction: borrowing Transaction
    ) throws -> Claim {
        let began = try transaction.now()
        guard var pool = try stateForClaim(of: id, in: transaction) else { return Claim() }
        guard !pool.isHeld else { return Claim(nextIn: .seconds(5)) }
        if let stop = pool.stop, stop.holds(at: began) { return Claim(nextIn: Self.pause(of: stop, at: began)) }
        // A statement of its own: within the locking one the clock would be read before the wait for the lock.
        let now = pool.isLimited ? try transaction.now() : began
        // In a pool without limits nothing depends on what the deltas say (readers add them to the lanes): there a fold
        // now and then will do, of more of them at once.
        let isCounted = pool.isLimited || pools.definition(id)?.lane.isLimited == true
        let isTidied = isCounted || hints.isTidyingDue(in: id, at: now)
        let folded = isTidied ? try fold(id, at: now, limit: isCounted ? 500 : 5000, in: transaction) : Folded()
        pool.permits.settle(folded.settlement)
        pool.running += folded.freed
        if pool.isLimited { try bringUpToDate(&pool, at: now, in: transaction) }
        try narrow(&pool, at: now, in: transaction)
        if isTidied { try unpark(id, at: now, in: transaction) }
        let lanes = try eligibleLanes(of: id, limit: limit, at: now, in: transaction)
        guard !lanes.isEmpty else {
            if !isTidied {
                // Nothing else to do: then it is the time for it.
                _ = try fold(id, at: now, limit: 5000, in: transaction)
                try unpark(id, at: now, in: transaction)
            }
            if !isCounted { hints.rest(in: id) }
            if pool.isLimited, !folded.isEmpty || pool.hasLearned { try store(pool, at: now, in: transaction) }
            let isContended = try hasEligibleLane(id, in: transaction)
            if isContended { hints.search(id, at: now) }
            return Claim(nextIn: try nextUnparking(id, at: now, in: transaction), isContended: isContended)
        }
        if !pool.isLimited { noteTurn(pool.turn, of: pool, at: now) }
        var (turns, steps) = try take(lanes, from: pool, limit: limit, lease: lease, at: now, in: transaction)
        pool.permits = turns.permits
        pool.running += steps.count
        if pool.isLimited { try book(&steps, on: &pool, at: now, in: transaction) }
        let served = servedTurn(lanes, steps)
        if pool.isLimited {
            if !steps.isEmpty || !folded.isEmpty || pool.hasLearned {
                try store(pool, served: served, at: now, in: transaction)
            }
        } else if !steps.isEmpty, isTidied {
            try moveTurnOfUnlimited(pool, served: served, at: now, in: transaction)
        }
        var claim = Claim(steps: pool.circuit == .closed ? steps : steps.map(\.asTrial))
        // Nobody waits for a pool without limits, so that its claim may take the time.
        if !pool.isLimited { try loadHistories(into: &claim, in: transaction) }
        if steps.count < limit {
            let pause = turns.nextStart.map { Duration.milliseconds(max(0, $0 - now - limits.horizon.milliseconds)) }
            let place = try pool.room == 0 ? nextFreePlace(in: pool, at: now, in: transaction) : nil
            claim.nextIn = try [pause, place, nextUnparking(id, at: now, in: transaction)].compactMap(\.self).min()
            claim.mayHaveMore = !turns.wasStopped && lanes.count == min(Self.lanesMax, limit)
        }
        return claim
    }

    /// The furthest turn among the lanes that this claim served.
    private func servedTurn(_ lanes: [LaneState], _ steps: [ClaimedStep]) -> Double? {
        var costs: [LaneID: Double] = [:]
        for step in steps { if let lane = step.job.lane { costs[lane, default: 0] += step.charged } }
        return lanes.compactMap { lane in costs[lane.id].map { lane.turn + $0 / lane.weight } }.max()
    }

    private func take(
        _ lanes: [LaneState], from pool: PoolState, limit: Int, lease: Duration, at now: Double,
        in transaction: borrowing Transaction
    ) throws -> (TurnTaking, [ClaimedStep]) {
        let fetched = lanes.count > 1 ? max(2, (2 * limit + lanes.count - 1) / lanes.count) : limit
        let heads = try heads(of: lanes, each: fetched, at: now, in: transaction)
        var turns = TurnTaking(
            permits: pool.permits, now: now, horizon: limits.horizon.milliseconds, limit: limit,
            room: pool.room)
        try turns.run(lanes: lanes, heads: heads, fetched: fetched) { last in
            try nextHeads(behind: last, limit: fetched, in: transaction)
        }
        for lane in lanes { self.lanes.remember(lane.id, of: lane.tenant, in: pool.id) }
        let steps = try mark(turns.taken, lanes: lanes, pool: pool.id, lease: lease, at: now, in: transaction)
        try charge(lanes, turns: turns, taken: steps, in: transaction)
        try clear(turns.exhausted, in: transaction)
        laneMarks.note(turns.takenHeads, at: now)
        return (turns, steps)
    }

    /// What the claimed jobs have behind them, read after the commit: it needs no lock, their fences guard it.
    private func loadHistories(into claim: inout Claim) async throws {
        guard !claim.steps.isEmpty else { return }
        claim = try await database.read { [claim] transaction in
            var claim = claim
            try self.loadHistories(into: &claim, in: transaction)
            return claim
        }
    }

    private func loadHistories(into claim: inout Claim, in transaction: borrowing Transaction) throws {
        let ids = claim.steps.filter(\.mayHaveHistory).map(\.job.id)
        let histories = ids.isEmpty ? [:] : try History.load(ids, in: transaction)
        for index in claim.steps.indices {
            claim.steps[index].history = histories[claim.steps[index].job.id] ?? History()
        }
        claim.hasHistories = true
    }
}
