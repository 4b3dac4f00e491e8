import Engine

/// The way of submissions into the tables, together with those that come at the same moment: a transaction stores a batch,
/// and while its senders' answers are worked out, the next batch is stored.
struct Intake: Sendable {
    /// Submissions that share a transaction: enough for a burst, few enough that nobody waits long for the others.
    static let sizeMax = 500

    /// What is known of a submission once its transaction has been committed.
    struct Stored: Sendable {
        let id: JobID
        /// Its answer is kept for whoever comes with the same key.
        let hasKey: Bool
        let isRepetition: Bool
    }

    private let storing: Batcher<BlogGenerations.Entry, Stored>
    private let answering: Batcher<Stored, Submitted>

    init(engine: Engine) {
        storing = Batcher(upTo: Self.sizeMax, IntakeStore(engine: engine).store)
        answering = Batcher(upTo: Self.sizeMax) { stored in
            try await IntakeAnswers(engine: engine).answers(to: stored).map { .success($0) }
        }
    }

    /// - Throws: what the engine or the database refuses it for.
    func take(_ entry: BlogGenerations.Entry) async throws -> Submitted {
        try await answering.answer(to: storing.answer(to: entry))
    }

    /// Lets submissions of the same moment share transactions, until it is cancelled; to be called once.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await storing.run() }
            group.addTask { await answering.run() }
        }
    }
}
