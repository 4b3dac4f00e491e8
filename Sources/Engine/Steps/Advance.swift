import Database

extension Engine {
    /// Moves a job whose row this transaction holds to where its plan says: a lane, a wait, an end.
    ///
    /// The job must not be running; `record` has a path of its own, guarded by the fence. A plan that throws fails the
    /// job, not the transaction: one bad row must not stop a sweep.
    func advance(
        _ job: JobRow, history: History, because cause: RawCause, at now: Double, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws {
        let move = try plannedMove(for: job, history: history, because: cause, in: transaction)
        try transaction.executeLater("update jobs set \(assignments(move, attempt: 0, now: now)) where id = \(job.id)")
        try finishMove(move, of: job, history: history, at: now, in: transaction, waking: wakes)
    }

    /// The plan's wish as a move. A wait for a signal that is stored already is no wait: the plan is asked again with
    /// it.
    ///
    /// - Throws: ``EngineError/unknownKind(_:)`` when this process does not know the workflow: that is no fault of the
    ///   job's, and nothing must be written.
    func plannedMove(
        for job: JobRow, history: History, because cause: RawCause, in transaction: borrowing Transaction
    ) throws -> Move {
        let plan = try workflows.workflow(job.kind)
        do {
            var next = try plan.next(job, history, cause)
            var asked: Set<String> = []
            while case .wait(let name, _) = next, history.signals[name] != nil {
                guard asked.insert(name).inserted else { throw StepFailure.waitsForThePast(name) }
                next = try plan.next(job, history, .signalled(name))
            }
            return try resolve(next, of: job, in: transaction)
        } catch let error as DatabaseError {
            throw error
        } catch {
            return .fail(.unplannable(error))
        }
    }

    /// What a move leaves besides the job's own row: the product's rows, an event, and the lane last.
    func finishMove(
        _ move: Move, of job: JobRow, history: History, at now: Double, in transaction: borrowing Transaction,
        waking wakes: Wakes
    ) throws {
        if case .fail = move {
            // A failure gets through even where the product cannot write it, or the job could never end.
            try tolerate("project the failure", of: job.id, in: transaction) {
                try workflows.known(job.kind)?.project(move.transition(history), job, $0)
            }
        } else {
            try workflows.workflow(job.kind).project(move.transition(history), job, transaction)
        }
        switch move {
        case .run: break
        case .wait(let signal, let timeout):
            try appendEvent(.waiting, to: job.id, at: now, detail: signal, in: transaction)
            if timeout != nil { wakes.timers() }
        case .succeed:
            try appendEvent(.succeeded, to: job.id, at: now, in: transaction)
            try freePlaces(of: [job.id], in: nil, in: transaction, waking: wakes)
        case .fail(let failure):
            try appendEvent(.failed, to: job.id, at: now, step: job.step, detail: failure.code, in: transaction)
            try freePlaces(of: [job.id], in: nil, in: transaction, waking: wakes)
        }
        if case .run(let place) = move {
            try arrive([place.lane: Arrival(count: 1, cost: place.cost)], in: transaction, waking: wakes)
        }
        wakes.events()
    }

    /// The columns of `jobs` that a move sets. An ended job keeps step and lane: a retry starts there.
    func assignments(_ move: Move, attempt: Int, now: Double) -> SQL {
        let standing = Standing(move, now: now)
        let common: SQL = """
            state = \(standing.state), attempt = \(attempt), lease_until = null, worker = null, crashes = 0,
            since_at = \(Int64(now)),
            run_at = cast(\(standing.runAt) as bigint), wait_for = \(standing.waitFor), wakes = \(standing.wakes)
            """
        switch move {
        case .run:
            return """
                \(common), lane_id = \(standing.lane), step = \(standing.step), round = \(standing.round),
                rank = \(standing.rank), cost = \(standing.cost),
                estimate = cast(\(standing.estimate) as double precision), ended_at = null, \(Self.noFailure)
                """
        case .wait: return "\(common), ended_at = null, \(Self.noFailure)"
        case .succeed: return "\(common), ended_at = \(Int64(now)), \(Self.noFailure)"
        case .fail(let failure):
            return """
                \(common), ended_at = \(Int64(now)), failure_code = \(failure.code),
                failure_message = \(failure.message), failure_hint = \(failure.hint)
                """
        }
    }

    static let noFailure: SQL = "failure_code = null, failure_message = null, failure_hint = null"
}
