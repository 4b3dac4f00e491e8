import Database
import Engine
import ProductKit
import Providers

/// Which state of which thread is to be summarised.
package struct SummaryJob: Codable, Sendable {
    var post: PostID
    var repliesUpdatedAt: Timestamp
    var traceID: String?

    var uniqueKey: String { "summary:\(post):\(repliesUpdatedAt.milliseconds)" }
}

/// One summary of one state of a thread, in one call.
package struct ThreadSummarizing: Workflow {
    package static let kind: JobKind = "summarize_thread"
    package enum Step: String, StepName { case write }

    let database: any Database
    let call: ModelCall
    let supplies: Supplies

    package func next(after done: JobProgress<Step>, of job: Job<SummaryJob>) throws -> Next<Step> {
        if done.rounds(of: .write) > 0 { return .finish }
        return .run(.write, on: supplies.settings.pool, cost: supplies.settings.costs.summary)
    }

    package func perform(
        _ step: Step, of job: Job<SummaryJob>, after done: JobProgress<Step>, in context: StepContext
    ) async throws -> Recording {
        let input = job.input
        let subject = try await database.read { transaction in try Subject(input, in: transaction) }
        // The thread has moved on, or somebody was quicker: nobody would read this one.
        guard let subject, !subject.isKnown else { return .nothing }
        let terms = CallTerms(
            model: supplies.settings.model,
            marker: [context.attemptKey, input.traceID].compactMap { $0 }.joined(separator: " "))
        let answer = try await call.ask(
            "summarize_thread", subject.prompt(terms), as: WrittenText.self, in: context,
            check: { subject.problems($0) })
        let (text, model) = (TextRules.plain(answer.value.text), answer.model)
        let key = subject.repliesUpdatedAt
        return try Recording(Written(characters: text.unicodeScalars.count)) { transaction in
            let now = try transaction.instant()
            // Only what is still true is kept: a reply that was taken away meanwhile must not live on in a summary.
            try transaction.execute(
                """
                update thread_summaries
                   set summary = \(text), model = \(model), prompt_version = \(Prompts.version), state = 'fresh',
                       replies_updated_at = \(timestamp: key.stored), updated_at = \(timestamp: now.stored)
                 where post_id = \(input.post)
                   and exists (select 1 from posts
                                where id = \(input.post) and replies_updated_at = \(timestamp: key.stored))
                """)
        }
    }

    package func policy(for step: Step) -> StepPolicy {
        var policy = StepPolicy(
            timeout: supplies.settings.timeouts.summary, attemptsMax: 2, backoff: supplies.settings.backoff)
        policy.model = supplies.settings.model
        return policy
    }

    package func project(
        _ change: Transition<Step>, of job: Job<SummaryJob>, in transaction: borrowing Transaction
    ) throws {
        let state: String
        switch change {
        case .queued: state = "generating"
        case .failed, .cancelled: state = "failed"
        case .started, .waiting, .succeeded: return
        }
        try transaction.execute(
            """
            update thread_summaries set state = \(state)
             where post_id = \(job.input.post) and wanted_at = \(timestamp: job.input.repliesUpdatedAt.stored)
            """)
    }

    private struct Written: Codable { let characters: Int }

    /// The thread as it is when a worker takes the job.
    private struct Subject: Sendable {
        let post: Post
        let replies: [Reply]
        let repliesUpdatedAt: Timestamp
        let isKnown: Bool

        private static let repliesMax = 60

        /// Nil when the post is gone or has no replies any more.
        init?(_ job: SummaryJob, in transaction: borrowing Transaction) throws {
            let post: Post? = try transaction.one(
                "select \(Post.columns) from \(Post.source) where o.id = \(job.post) and o.status = 'PUBLISHED'")
            guard let post, let key = post.repliesUpdatedAt, post.replyCount > 0, key == job.repliesUpdatedAt else {
                return nil
            }
            self.post = post
            repliesUpdatedAt = key
            replies = try transaction.all(
                """
                select \(Reply.columns) from \(Reply.source)
                 where r.post_id = \(post.id) and r.status = 'VISIBLE' order by r.created_at desc, r.id desc
                 limit \(Self.repliesMax)
                """
            ).reversed()
            isKnown = try StoredSummary.of(post.id, in: transaction)?.isFresh(for: post) ?? false
        }

        func prompt(_ terms: CallTerms) -> Prompt {
            var data = DataLines()
            data.add("Language", post.language)
            data.add("Post (\(post.authoredBy.label))", post.content)
            for reply in replies {
                data.add("Reply by \(reply.persona?.name ?? "a person") (\(reply.authoredBy.label))", reply.content)
            }
            return Prompt(
                model: terms.model, system: Prompts.instructions,
                user: """
                    Summarise the thread for somebody who has not read it, in its language: what is claimed, where the \
                    replies agree, where they do not. No persona's voice, no judgement of your own, at most \
                    \(ThreadSummary.lengthMax) characters.
                    \(data.text)
                    """,
                schema: Schemas.summary, outputTokensMax: 300, temperature: 0.3, marker: terms.marker)
        }

        func problems(_ answer: WrittenText) -> [JSONSchema.Problem] {
            guard Links.count(in: answer.text) == 0 else {
                return [.init(path: "text", complaint: "must not contain addresses")]
            }
            return []
        }
    }
}
