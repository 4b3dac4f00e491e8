import Database
import Engine
import ProductKit

/// Reads threads, and lets them be summarised when they have changed.
package struct Threads: Sendable {
    let arena: Arena

    /// A page of the thread, and its summary as it is: reading never waits for the model. A stale summary is renewed in the
    /// background when somebody signed in looks; strangers cost nothing.
    ///
    /// - Throws: `post.not_found`; `cursor.invalid`.
    package func read(_ id: PostID, _ page: PageRequest, for member: Member?, traceID: String?) async throws
        -> ThreadPage
    {
        let list = "thread:\(id)"
        let cursor = try Cursor(page, of: list)
        let (post, replies, stored) = try await arena.read { transaction in
            let post = try Post.require(id, for: member?.id, in: transaction)
            var condition: SQL = "r.post_id = \(id) and r.status = 'VISIBLE'"
            if let cursor {
                condition += " and (r.created_at, r.id) > (\(timestamp: Double(cursor.value)), \(cursor.id))"
            }
            let rows: [Reply] = try transaction.all(
                """
                select \(Reply.columns) from \(Reply.source)
                 where \(condition) \(Blocks.unblockedReplies(by: member?.id))
                 order by r.created_at, r.id limit \(page.limit + 1)
                """)
            let cut = try Page.cut(rows, to: page) { Cursor(list, $0.createdAt.milliseconds, $0.id) }
            return (post, cut, try StoredSummary.of(id, in: transaction))
        }
        var summary = Self.summary(stored, of: post)
        let isWanted = summary.state == .stale || summary.state == .generating
        if isWanted, member != nil, stored?.wantedAt != post.repliesUpdatedAt {
            // A full queue keeps nobody from reading; the next look asks again.
            do { summary = try await renew(post, traceID: traceID) } catch let error as ArenaError {
                guard error.code == .queueFull else { throw error }
            }
        }
        return ThreadPage(post: post, replies: replies.items, summary: summary, nextCursor: replies.nextCursor)
    }

    private static func summary(_ stored: StoredSummary?, of post: Post) -> ThreadSummary {
        guard post.replyCount > 0 else { return ThreadSummary(state: .none, text: nil, repliesUpdatedAt: nil) }
        guard let stored else { return ThreadSummary(state: .generating, text: nil, repliesUpdatedAt: nil) }
        if stored.isFresh(for: post) {
            return ThreadSummary(state: .fresh, text: stored.text, repliesUpdatedAt: stored.repliesUpdatedAt)
        }
        let hasFailed = stored.state == "failed" && stored.wantedAt == post.repliesUpdatedAt
        let state: ThreadSummary.State = hasFailed ? .failed : stored.text == nil ? .generating : .stale
        return ThreadSummary(state: state, text: stored.text, repliesUpdatedAt: stored.repliesUpdatedAt)
    }

    /// Asks for a summary of the thread as it is now: one job, whichever reader of whichever replica is first.
    private func renew(_ post: Post, traceID: String?) async throws -> ThreadSummary {
        guard let key = post.repliesUpdatedAt else { return Self.summary(nil, of: post) }
        let pause = arena.settings.summaryPause.milliseconds
        return try await arena.write { transaction, wakes in
            let now = try transaction.instant()
            let isFirst = try transaction.execute(
                """
                insert into thread_summaries (post_id, wanted_at, updated_at)
                values (\(post.id), \(timestamp: key.stored), \(timestamp: now.stored))
                on conflict (post_id) do update
                   set wanted_at = excluded.wanted_at, state = 'generating', updated_at = excluded.updated_at
                 where thread_summaries.wanted_at is null or thread_summaries.wanted_at < excluded.wanted_at
                """)
            if isFirst == 1 {
                let system = try arena.engine.ensureTenant(named: Arena.systemTenant, in: transaction)
                let job = SummaryJob(post: post.id, repliesUpdatedAt: key, traceID: traceID)
                do {
                    try arena.engine.enqueue(
                        job, as: ThreadSummarizing.self, for: system.id, uniqueKey: job.uniqueKey,
                        notBefore: key.stored + pause, in: transaction, waking: wakes)
                } catch EngineError.duplicate {
                    // Somebody has retried a failed one by hand.
                }
            }
            return Self.summary(try StoredSummary.of(post.id, in: transaction), of: post)
        }
    }
}
