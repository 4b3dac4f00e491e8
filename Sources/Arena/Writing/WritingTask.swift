import Database
import Engine
import ProductKit
import Providers

/// What one kind of text is asked for with, and where it goes.
protocol WritingTask: Sendable {
    static var kind: JobKind { get }
    /// In characters.
    static var lengthMax: Int { get }
    /// A request may be waiting for it.
    static var isAwaited: Bool { get }

    static func prompt(_ subject: WritingSubject, _ job: WritingJob, _ terms: CallTerms) -> Prompt

    /// Writes the rows, in the transaction that records the step. A second time it writes nothing.
    static func store(
        _ text: String, by model: String, _ subject: WritingSubject, _ job: WritingJob, _ supplies: Supplies,
        in transaction: borrowing Transaction
    ) throws -> OperationBook.Result
}

/// A post that its owner still has to approve.
enum DraftTask: WritingTask {
    static let kind: JobKind = "draft"
    static let lengthMax = Posts.contentLengthMax
    static let isAwaited = true

    static func prompt(_ subject: WritingSubject, _ job: WritingJob, _ terms: CallTerms) -> Prompt {
        Prompts.draft(subject.material, hint: job.hint, terms)
    }

    static func store(
        _ text: String, by model: String, _ subject: WritingSubject, _ job: WritingJob, _ supplies: Supplies,
        in transaction: borrowing Transaction
    ) throws -> OperationBook.Result {
        let now = try transaction.instant()
        let id: PostID = supplies.ids.next(at: now)
        try transaction.execute(
            """
            insert into posts (id, room_id, persona_id, user_id, authored_by, status, content, language, model,
                               created_at, updated_at)
            values (\(id), \(subject.room.id), \(subject.persona.id), \(subject.persona.userID), \(Authorship.ai),
                    \(Post.Status.draft), \(text), \(subject.persona.language), \(model), \(timestamp: now.stored),
                    \(timestamp: now.stored))
            """)
        return .post(id)
    }
}

/// A sample that is shown to the owner and kept nowhere else.
enum PreviewTask: WritingTask {
    static let kind: JobKind = "preview"
    static let lengthMax = Posts.contentLengthMax
    static let isAwaited = true

    static func prompt(_ subject: WritingSubject, _ job: WritingJob, _ terms: CallTerms) -> Prompt {
        Prompts.preview(subject.material, part: job.part, terms)
    }

    static func store(
        _ text: String, by model: String, _ subject: WritingSubject, _ job: WritingJob, _ supplies: Supplies,
        in transaction: borrowing Transaction
    ) throws -> OperationBook.Result { .text(text) }
}

/// A persona's one answer to a post.
enum ReplyTask: WritingTask {
    static let kind: JobKind = "generate_reply"
    static let lengthMax = Reply.lengthMax
    static let isAwaited = false

    static func prompt(_ subject: WritingSubject, _ job: WritingJob, _ terms: CallTerms) -> Prompt {
        guard let post = subject.post else { preconditionFailure("a reply answers a post") }
        return Prompts.reply(
            subject.material, to: post, thread: subject.thread, terms)
    }

    static func store(
        _ text: String, by model: String, _ subject: WritingSubject, _ job: WritingJob, _ supplies: Supplies,
        in transaction: borrowing Transaction
    ) throws -> OperationBook.Result {
        guard let post = job.post else { preconditionFailure("a reply answers a post") }
        let now = try transaction.instant()
        let id: ReplyID = supplies.ids.next(at: now)
        let owner: UserID
        do { owner = try Replies.touch(post, replies: 1, at: now, in: transaction) } catch is ArenaError {
            throw StepFailure.gone("post")
        }
        let stored = try transaction.execute(
            """
            insert into replies (id, post_id, persona_id, user_id, authored_by, content, model, created_at)
            values (\(id), \(post), \(job.persona), \(subject.persona.userID), \(Authorship.ai), \(text), \(model),
                    \(timestamp: now.stored))
            on conflict do nothing
            """)
        guard stored == 1 else {
            // The pair has its reply, by whichever way: the count goes back, and the job is done all the same.
            try Replies.touch(post, replies: -1, at: now, in: transaction)
            return .nothing
        }
        try Notifier.tell(
            owner, .replyReceived, from: subject.persona.userID, about: .init(.post, post.rawValue), supplies, at: now,
            in: transaction)
        return .reply(id)
    }
}
