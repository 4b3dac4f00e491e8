import Engine

extension BlogGenerations {
    /// Ends a generation. A call that is under way is broken off, and what it cost is booked. Repeatable.
    ///
    /// - Throws: `generation.not_found`; `generation.wrong_state` when it is done or has failed.
    package func cancel(_ id: JobID, in scope: Scope, by person: String) async throws -> GenerationSummary {
        try await refusing {
            try await engine.transaction { transaction, wakes in
                let row = try GenerationRow.require(id, in: scope, transaction)
                if row.status == .cancelled { return }
                try engine.cancel(id, by: person, in: transaction, waking: wakes)
            }
            return try await summary(of: id, in: scope)
        }
    }
}
