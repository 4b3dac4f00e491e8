import Database

extension Engine {
    /// Gives a failed or cancelled job another go at the step where it ended; what is recorded stays recorded.
    ///
    /// - Throws: ``EngineError/unknownJob(_:)``; ``EngineError/wrongState(_:_:)`` unless the job has failed or was
    ///   cancelled; ``EngineError/duplicate(of:)`` when another active job has taken its unique key.
    public func retry(
        _ id: JobID, by person: String, in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws {
        guard let job = try JobRow.locked(id, in: transaction) else { throw EngineError.unknownJob(id) }
        guard job.state == .failed || job.state == .cancelled else { throw EngineError.wrongState(id, job.state) }
        if let key = job.uniqueKey, let other = try activeJob(of: job.tenant, uniqueKey: key, in: transaction) {
            throw EngineError.duplicate(of: other)
        }
        let now = try transaction.now()
        try appendEvent(.retried, to: id, at: now, step: job.step, detail: person, in: transaction)
        let history = try History.load(id, in: transaction)
        do {
            try transaction.savepoint { transaction in
                try self.advance(job, history: history, because: .retried, at: now, in: transaction, waking: wakes)
            }
        } catch let error as DatabaseError where error.isUniqueViolation {
            // Somebody has taken the key since we looked, and has committed.
            guard let key = job.uniqueKey, let other = try activeJob(of: job.tenant, uniqueKey: key, in: transaction)
            else { throw error }
            throw EngineError.duplicate(of: other)
        }
    }
}
