import Database
import Engine

/// Looks at operations, waits for them, and calls them off.
package struct Operations: Sendable {
    let arena: Arena

    /// Notifications may be lost; a look this often finds what they did not say.
    static let pollPause = Duration.milliseconds(250)
    /// On a busy system events come all the time; a look more often than this would tell nothing new.
    static let lookPause = Duration.milliseconds(20)

    /// - Throws: `operation.not_found`.
    package func find(_ id: OperationID, of caller: Member) async throws -> ModelOperation {
        try await arena.read { transaction in try ModelOperation.require(id, of: caller.id, in: transaction) }
    }

    /// Waits until the operation has ended, or `patience` has passed; it then goes on by itself.
    ///
    /// - Returns: how it stands.
    /// - Throws: `operation.not_found`.
    package func wait(for id: OperationID, of caller: Member, patience: Duration) async throws -> ModelOperation {
        // Subscribed before the first look, so that nothing falls in between.
        let bell = arena.engine.notifications.subscribe(Channel.events)
        let first = try await find(id, of: caller)
        guard !first.status.hasEnded, patience > .zero else { return first }
        return try await withThrowingTaskGroup(of: ModelOperation?.self) { group in
            group.addTask { try await ended(id, caller, ringing: bell) }
            group.addTask { try await ended(id, caller, by: arena.clock) }
            group.addTask {
                try await arena.clock.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            if let ended = try await group.next() ?? nil { return ended }
            return try await find(id, of: caller)
        }
    }

    /// Ends what has not ended. What was reserved for it is given back.
    ///
    /// - Throws: `operation.not_found`.
    package func cancel(_ id: OperationID, by caller: Member) async throws -> ModelOperation {
        try await arena.write { transaction, wakes in
            _ = try ModelOperation.require(id, of: caller.id, in: transaction)
            let jobs = try transaction.values(
                "select job_id from operation_jobs where operation_id = \(id) and state = 'active' order by part",
                as: JobID.self)
            for job in jobs {
                do { try arena.engine.cancel(job, by: "owner", in: transaction, waking: wakes) } catch is EngineError {
                    continue  // It has just ended by itself.
                }
            }
            return try ModelOperation.require(id, of: caller.id, in: transaction)
        }
    }

    /// Looks whenever something has happened to any job.
    private func ended(
        _ id: OperationID, _ caller: Member, ringing bell: AsyncStream<String>
    ) async throws -> ModelOperation? {
        for await _ in bell {
            let operation = try await find(id, of: caller)
            if operation.status.hasEnded { return operation }
            try await arena.clock.sleep(for: Self.lookPause)
        }
        throw CancellationError()
    }

    private func ended(
        _ id: OperationID, _ caller: Member, by clock: any Clock<Duration>
    ) async throws -> ModelOperation? {
        while true {
            try await clock.sleep(for: Self.pollPause)
            let operation = try await find(id, of: caller)
            if operation.status.hasEnded { return operation }
        }
    }
}
