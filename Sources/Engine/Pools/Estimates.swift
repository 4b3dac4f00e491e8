import Database
import Synchronization

/// The learned ratios as this process last read them, so that placing a job asks no table, and not for the time either:
/// claims and submissions, which know it, tell it.
final class EstimateMemory: Sendable {
    /// A reading older than this many milliseconds is taken anew.
    static let lifeMilliseconds = 1000.0

    private struct Reading {
        let ratios: [PoolReport.Subject: Double]
        let at: Double
    }
    private struct State {
        var time = 0.0
        var readings: [PoolID: Reading] = [:]
    }
    private let state = Mutex(State())

    /// What the database's clock says now.
    func note(_ time: Double) { state.withLock { $0.time = time } }

    /// Nil when there is no fresh reading.
    func ratio(of subject: PoolReport.Subject, in pool: PoolID) -> Double? {
        state.withLock { state in
            guard let reading = state.readings[pool], abs(state.time - reading.at) < Self.lifeMilliseconds
            else { return nil }
            return reading.ratios[subject] ?? 1
        }
    }

    func remember(_ ratios: [PoolReport.Subject: Double], of pool: PoolID) {
        state.withLock { $0.readings[pool] = Reading(ratios: ratios, at: $0.time) }
    }
}

extension Engine {
    /// What a step that is placed now will be charged: its plan's estimate, times what such calls have cost against
    /// theirs.
    /// - Returns: nil for the estimate where nothing is learned.
    func charge(
        for estimate: Double, of subject: @autoclosure () -> PoolReport.Subject, in pool: PoolDirectory.Entry,
        _ transaction: borrowing Transaction
    ) throws -> (cost: Double, estimate: Double?) {
        guard let perMinute = pool.definition.costPerMinute, pool.definition.learnsEstimates else {
            return (estimate, nil)
        }
        let subject = subject()
        let known = estimates.ratio(of: subject, in: pool.id)
        let ratio = try known ?? readRatios(of: pool.id, in: transaction)[subject] ?? 1
        return (min(estimate * ratio, max(perMinute, estimate)), estimate)
    }

    private func readRatios(
        of pool: PoolID, in transaction: borrowing Transaction
    ) throws -> [PoolReport.Subject: Double] {
        let ratios = try storedRatios(of: pool, in: transaction).mapValues(\.ratio)
        estimates.remember(ratios, of: pool)
        return ratios
    }

    func storedRatios(
        of pool: PoolID, in transaction: borrowing Transaction
    ) throws -> [PoolReport.Subject: EstimateRatio] {
        var ratios: [PoolReport.Subject: EstimateRatio] = [:]
        try transaction.forEach(
            "select kind, step, model, ratio, samples from estimates where pool_id = \(pool)"
        ) { row in
            let subject = try PoolReport.Subject(kind: row[0], step: row[1], model: row[2])
            ratios[subject] = try EstimateRatio(ratio: row[3], samples: row[4])
        }
        return ratios
    }

    /// The pool's row is held, so that nobody else learns for this pool at the same time.
    func learnEstimates(
        from reports: [PoolReport], of pool: PoolID, at now: Double, in transaction: borrowing Transaction
    ) throws {
        let lessons = reports.filter { $0.estimate != nil && $0.actual != nil }
        guard !lessons.isEmpty else { return }
        let stored = try storedRatios(of: pool, in: transaction)
        var learned: [PoolReport.Subject: EstimateRatio] = [:]
        for lesson in lessons {
            var ratio = learned[lesson.subject] ?? stored[lesson.subject] ?? EstimateRatio()
            ratio.learn(estimate: lesson.estimate ?? 0, actual: lesson.actual ?? 0)
            learned[lesson.subject] = ratio
        }
        for (subject, ratio) in learned.sorted(by: { $0.key < $1.key }) {
            try transaction.execute(
                """
                insert into estimates (pool_id, kind, step, model, ratio, samples, updated_at)
                values (\(pool), \(subject.kind), \(subject.step), \(subject.model), \(ratio.ratio), \(ratio.samples),
                        \(Int64(now)))
                on conflict (pool_id, kind, step, model) do update
                   set ratio = excluded.ratio, samples = excluded.samples, updated_at = excluded.updated_at
                """)
        }
    }
}
