import Database
import Logging

/// A pool's circuit as stored in the pool's row, one for all workers. It is read and written under the row's lock only,
/// and not at all while calls succeed in a closed circuit.
extension Engine {
    /// How many calls may still begin, as a cap on what runs. The claim holds the pool's row.
    ///
    /// What is under way is counted among the running jobs and not kept: a trial whose worker dies frees its place when
    /// its job is taken back.
    func narrow(_ pool: inout PoolState, at now: Double, in transaction: borrowing Transaction) throws {
        guard pool.circuit != .closed, var circuit = try circuit(of: pool.id, in: transaction) else { return }
        if circuit.tryAgain(at: now, horizon: limits.horizon) { try store(circuit, of: pool.id, in: transaction) }
        // Open, the pause holds everyone back, and says for how long.
        guard circuit.state == .halfOpen, let callsMax = circuit.callsMax(at: now) else { return }
        let underWay: Int? = try transaction.value(
            """
            select cast(count(*) as bigint) from jobs j join lanes l on l.id = j.lane_id
             where j.state = 1 and l.pool_id = \(pool.id) and j.since_at >= \(Int64(circuit.changedAt))
            """)
        let room = max(0, callsMax - (underWay ?? 0))
        pool.cap = min(pool.cap ?? .max, pool.running + room)
    }

    /// Notes that the provider has answered a trial, and lets more of them begin. The pool's row is locked before
    /// anything else in the transaction.
    func noteAnswer(
        to step: ClaimedStep, at now: Double, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        guard var circuit = try lockedCircuit(of: step.pool, in: transaction),
            circuit.answered(startedAt: step.start, at: now)
        else { return }
        try store(circuit, of: step.pool, in: transaction)
        wakes.pool(step.pool)
        if circuit.state == .closed {
            logger.notice("the provider is back, its circuit is closed", metadata: ["pool": "\(step.pool)"])
        }
    }

    func circuit(of pool: PoolID, in transaction: borrowing Transaction) throws -> CircuitBreaker? {
        try transaction.one("select \(CircuitBreaker.columns) from pools where id = \(pool)")
    }

    func lockedCircuit(of pool: PoolID, in transaction: borrowing Transaction) throws -> CircuitBreaker? {
        try transaction.one(
            "select \(CircuitBreaker.columns) from pools where id = \(pool) \(.lock(.noKeyUpdate))")
    }

    func store(_ circuit: CircuitBreaker, of pool: PoolID, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            update pools
               set circuit = \(circuit.state.rawValue), circuit_at = \(circuit.changedAt),
                   circuit_retry_at = \(circuit.retryAt), circuit_failures = \(circuit.failures),
                   circuit_failed_at = \(circuit.failedAt), circuit_away_since = \(circuit.awaySince),
                   circuit_openings = \(circuit.openings), circuit_answers = \(circuit.answers),
                   circuit_cause = \(circuit.cause)
             where id = \(pool)
            """)
    }

    /// Whether the provider has answered anyone since then. Asked after a failure only, and of a minute at most.
    func hasAnswered(_ pool: PoolID, since: Double, in transaction: borrowing Transaction) throws -> Bool {
        let found: Int? = try transaction.value(
            """
            select 1 from steps
             where ended_at > \(Int64(since)) and pool_id = \(pool) and absorbed = 0 limit 1
            """)
        return found != nil
    }
}

extension CircuitBreaker: RowDecodable {
    static let columns: SQL = """
        circuit, circuit_at, circuit_retry_at, circuit_failures, circuit_failed_at, circuit_away_since, circuit_openings,
        circuit_answers, circuit_cause
        """

    init(_ row: borrowing Row) throws {
        try self.init(
            state: CircuitState(rawValue: row[0]) ?? .closed, changedAt: row[1], retryAt: row[2], failures: row[3],
            failedAt: row[4], awaySince: row[5], openings: row[6], answers: row[7], cause: row[8])
    }
}

extension ClaimedStep {
    var asTrial: ClaimedStep {
        var trial = self
        trial.isTrial = true
        return trial
    }
}
