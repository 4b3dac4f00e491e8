import Database
import Engine

/// Mirrors the job in `blog_generations`, in the same transaction as the job's own change.
extension BlogGeneration {
    package func project(
        _ change: Transition<Step>, of job: Job<Brief>, in transaction: borrowing Transaction
    ) throws {
        switch change {
        case .queued(let step, let round):
            try show(Self.status(queued: step, round: round, job.input), job.id, transaction)
        case .started(let step, _):
            let writes = step == .content || job.input.selectedIdea != nil
            try show(writes ? .generatingContent : .generatingIdeas, job.id, transaction)
        case .waiting(let signal?, _) where signal.hasPrefix("selection#"):
            try show(.awaitingSelection, job.id, transaction)
        case .waiting: break
        case .succeeded: try end(.done, nil, job.id, transaction)
        case .failed(let failure): try end(.failed, failure, job.id, transaction)
        case .cancelled: try end(.cancelled, nil, job.id, transaction)
        }
    }

    /// What stands in line before anything has begun is pending; later lines belong to the stage that they lead to.
    private static func status(queued step: Step, round: Int, _ brief: Brief) -> GenerationStatus {
        switch step {
        case .source: .pending
        case .ideas: round == 1 && !brief.needsSource ? .pending : .generatingIdeas
        case .content: brief.selectedIdea != nil && !brief.needsSource ? .pending : .generatingContent
        case .image, .collect: .generatingImage
        case .draft, .schedule, .publish: .publishing
        }
    }

    /// Moves the shown status forward, never back. Only a new life may leave `FAILED` or `CANCELLED`, and a row that was
    /// set back by hand is taken as it is found.
    private func show(_ status: GenerationStatus, _ id: JobID, _ transaction: borrowing Transaction) throws {
        let now = try transaction.timestamp()
        let earlier = GenerationStatus.allCases.filter { $0.rank < status.rank || $0 == .failed || $0 == .cancelled }
        try transaction.executeLater(
            """
            update blog_generations
               set status = \(status), is_live = 1, error = null, error_code = null, error_hint = null,
                   finished_at = null, updated_at = \(now)
             where id = \(id) and (status in (\(list: earlier)) or is_live = 0)
            """)
    }

    private func end(
        _ status: GenerationStatus, _ failure: StepFailure?, _ id: JobID, _ transaction: borrowing Transaction
    ) throws {
        let now = try transaction.timestamp()
        // An end in the middle of `draft` may have left a draft that nobody recorded.
        try transaction.executeLater(
            """
            update blog_generations
               set stray_check = case when status = 'PUBLISHING' and draft_id is null then 1 else stray_check end,
                   status = \(status), is_live = 0, error = \(failure?.message), error_code = \(failure?.code),
                   error_hint = \(failure?.hint), finished_at = \(now), updated_at = \(now)
             where id = \(id)
            """)
    }
}
