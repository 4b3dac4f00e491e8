import Database

extension Engine {
    /// What became of a signal.
    public enum SignalOutcome: Sendable, Equatable {
        /// The job was waiting for it and goes on.
        case woke
        /// Stored; the job will find it when it comes to wait.
        case early
        /// A signal of this name is stored already; the first one wins.
        case tooLate(Signal)

        public static func == (left: Self, right: Self) -> Bool {
            switch (left, right) {
            case (.woke, .woke), (.early, .early), (.tooLate, .tooLate): true
            default: false
            }
        }
    }

    /// Tells a job something, now or before it asks.
    ///
    /// - Parameter name: carries its round, such as `selection#2`.
    /// - Parameter payload: JSON, or nil.
    /// - Throws: ``EngineError/unknownJob(_:)``; ``EngineError/wrongState(_:_:)`` when the job has ended.
    @discardableResult
    public func signal(
        _ id: JobID, _ name: String, payload: String? = nil, by person: String, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws -> SignalOutcome {
        // Always lock the job, and only then look: a record that is about to wait may be in flight. It looks for the
        // signal under the same lock, so that one of the two finds the other.
        guard let job = try JobRow.locked(id, in: transaction) else { throw EngineError.unknownJob(id) }
        guard job.state.isActive else { throw EngineError.wrongState(id, job.state) }
        let now = try transaction.now()
        let stored = try transaction.execute(
            """
            insert into signals (job_id, name, payload, sent_by, at)
            values (\(id), \(name), \(payload), \(person), \(Int64(now))) on conflict (job_id, name) do nothing
            """)
        guard stored == 1 else {
            let first = try History.load(id, in: transaction).signals[name]
            return .tooLate(first ?? Signal(payload: nil, by: "", at: now))
        }
        try freePlaces(of: id, endedBy: name, in: transaction, waking: wakes)
        guard job.state == .waiting, job.waitFor == name else { return .early }
        try wake(job, because: .signalled(name), at: now, in: transaction, waking: wakes)
        return .woke
    }

    /// Asks the plan of a waiting job, whose row is locked, and puts it where the plan says.
    func wake(
        _ job: JobRow, because cause: RawCause, at now: Double, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws {
        let detail: String? =
            switch cause {
            case .signalled(let name): name
            case .timer: "timer"
            default: nil
            }
        try appendEvent(.woken, to: job.id, at: now, detail: detail, in: transaction)
        let history = try History.load(job.id, in: transaction)
        try advance(job, history: history, because: cause, at: now, in: transaction, waking: wakes)
    }
}
