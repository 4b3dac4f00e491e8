import Engine

extension BlogGenerations {
    /// Gives a failed or cancelled generation another go at the step where it ended; what is recorded is not paid again.
    ///
    /// - Throws: `generation.not_found`; `generation.wrong_state` when it is under way or done.
    package func retry(_ id: JobID, in scope: Scope, by person: String) async throws -> GenerationSummary {
        try await refusing {
            try await engine.transaction { transaction, wakes in
                _ = try GenerationRow.require(id, in: scope, transaction)
                try engine.retry(id, by: person, in: transaction, waking: wakes)
            }
            return try await summary(of: id, in: scope)
        }
    }
}
