import Database
import Logging

/// Why a pool that its provider has shut is not tried again by itself.
public struct PoolStop: Sendable, Equatable {
    public enum Kind: Int, Sendable {
        /// A day's worth is used up: it opens when the day ends.
        case day = 1
        /// The account serves nobody, such as for want of credit or a good key: it opens when a person resumes the pool.
        case account = 2
    }
    public let kind: Kind
    /// Milliseconds since 1970.
    public let since: Double
    /// Nil when only a person can tell.
    public let until: Double?
    /// In words that are safe to show.
    public let cause: String
}

extension PoolStop {
    init?(kind: Int, since: Double, until: Double, cause: String?) {
        guard let kind = Kind(rawValue: kind) else { return nil }
        self.init(kind: kind, since: since, until: kind == .day ? until : nil, cause: cause ?? "")
    }

    func holds(at now: Double) -> Bool { until.map { now < $0 } ?? true }

    /// Days are counted in UTC, as providers do.
    static func endOfDay(after now: Double) -> Double { ((now / 86_400_000).rounded(.down) + 1) * 86_400_000 }
}

extension Engine {
    /// Writes that the provider will refuse every call until a day ends or a person acts: the pool stops for everyone,
    /// the step goes back, and no attempt is spent.
    ///
    /// - Parameter until: how long the provider says that it takes; nil is the end of the day.
    func stopPool(
        of step: ClaimedStep, _ kind: PoolStop.Kind, until pause: Duration?, because failure: StepFailure,
        spent: Meter.Usage?
    ) async throws -> RecordOutcome {
        let (outcome, isNew) = try await transaction { transaction, wakes -> (RecordOutcome, Bool) in
            // The pool's row first, as everywhere. A record locks no pool, but this is no record.
            let state: PoolState? = try transaction.one(
                "select \(PoolState.columns) from pools where id = \(step.pool) \(.lock(.noKeyUpdate))")
            let now = try transaction.now()
            let until = pause.map { now + max($0, .seconds(1)).milliseconds } ?? PoolStop.endOfDay(after: now)
            // A person's resuming answers the refusals of calls that had begun before it.
            let stopped = try transaction.execute(
                """
                update pools
                   set stopped = \(kind.rawValue), stopped_until = \(until),
                       stopped_cause = \("\(failure.message) (\(failure.code))"),
                       stopped_at = case when stopped = 0 or (stopped = 1 and stopped_until <= \(now)) then \(now)
                                         else stopped_at end
                 where id = \(step.pool) and not (stopped = 0 and stopped_at > \(step.start)) and stopped <= \(kind.rawValue)
                """)
            let outcome = try self.putBack(
                step, spent: spent, actual: 0, event: .refused, detail: failure.code, at: now, in: transaction,
                waking: wakes)
            return (outcome, stopped == 1 && state?.stop?.holds(at: now) != true)
        }
        if isNew {
            logger.error(
                "a provider refuses every call, its pool stops",
                metadata: ["pool": "\(step.pool)", "error": "\(failure)"])
        }
        return outcome
    }

    /// Opens a pool that was stopped, from this moment on.
    func clearStop(of pool: PoolID, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "update pools set stopped = 0, stopped_cause = null, stopped_at = \(transaction.now()) where id = \(pool)")
    }
}
