import Database

/// Places at a provider that works on an order after the step that placed it is over, such as a picture being painted:
/// a row each, which expires should nobody say that the order is done. A holder that died thus holds nothing up.
extension Engine {
    /// The pool's row is held by the claim.
    func placesTaken(in pool: PoolID, at now: Double, in transaction: borrowing Transaction) throws -> Int {
        try transaction.executeLater(
            "delete from pool_places where pool_id = \(pool) and expires_at <= \(Int64(now))")
        return try transaction.value(
            "select cast(count(*) as bigint) from pool_places where pool_id = \(pool)") ?? 0
    }

    func takePlaces(_ steps: [ClaimedStep], in pool: PoolState, _ transaction: borrowing Transaction) throws {
        guard let life = pool.placeLife, !steps.isEmpty else { return }
        let rows: [[SQLValue]] = steps.map { .row(pool.id, $0.job.id, Int64($0.start + life.milliseconds)) }
        try transaction.executeLater(
            """
            insert into pool_places (pool_id, job_id, expires_at) values \(values: rows)
            on conflict (pool_id, job_id) do update set expires_at = excluded.expires_at
            """)
    }

    /// Until the first place expires by itself; nil when none will.
    func nextFreePlace(
        in pool: PoolState, at now: Double, in transaction: borrowing Transaction
    ) throws -> Duration? {
        guard pool.placeLife != nil else { return nil }
        let first: Int64? = try transaction.value("select min(expires_at) from pool_places where pool_id = \(pool.id)")
        return first.map { .milliseconds(max(0, Double($0) - now)) }
    }

    /// Gives back the places of jobs that need them no longer. The jobs' rows are held.
    /// - Parameter pool: nil for every pool.
    func freePlaces(
        of jobs: [JobID], in pool: PoolID?, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        guard !jobs.isEmpty, pool.map(pools.keepsPlaces) ?? pools.keepsPlaces else { return }
        let freed: [PoolID] = try transaction.values(
            """
            delete from pool_places
             where job_id \(ids: jobs.map(\.rawValue))
               and pool_id \(ids: pool.map { [$0.rawValue] } ?? pools.withPlaces.map(\.rawValue))
            returning pool_id
            """)
        for pool in Set(freed) { wakes.pool(pool) }
    }

    /// After a recorded step: what its recording says, and its own place when what it was to order never was.
    func freePlaces(
        after step: ClaimedStep, _ recording: Recording, wasAbsorbed: Bool, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws {
        if wasAbsorbed { try freePlaces(of: [step.job.id], in: step.pool, in: transaction, waking: wakes) }
        for pool in recording.releases.compactMap(pools.known) {
            try freePlaces(of: [step.job.id], in: pool.id, in: transaction, waking: wakes)
        }
    }

    /// After a signal, which may say that an order is done.
    func freePlaces(
        of job: JobID, endedBy signal: String, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        for pool in pools.withPlaces where signal.prefix(while: { $0 != "#" }) == pools.signalOfPlaces(in: pool) ?? "" {
            try freePlaces(of: [job], in: pool, in: transaction, waking: wakes)
        }
    }
}
