import Engine

extension BlogGenerations {
    /// The image provider says that an order has ended, one way or the other.
    ///
    /// Only a hint to ask now rather than later: it may come twice, or for a generation that has gone on, and is then
    /// ignored.
    /// - Parameter order: which order of the generation, counting from 1.
    package func imageIsReady(_ id: JobID, order: Int) async throws {
        guard order >= 1 else { return }
        do {
            try await engine.transaction { transaction, wakes in
                _ = try engine.signal(
                    id, BlogGeneration.imageSignal(order: order), by: "image provider", in: transaction, waking: wakes)
            }
        } catch EngineError.unknownJob, EngineError.wrongState {
            return
        }
    }
}
