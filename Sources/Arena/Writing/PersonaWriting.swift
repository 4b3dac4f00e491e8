import Database
import Engine
import Logging
import ProductKit
import Providers

/// One text in a persona's name: one step, one call, and a second one where the first answer has to be repaired.
///
/// Drafts, previews and replies are kinds of their own, so that queues and durations are told apart; what differs stands
/// in their ``WritingTask``.
struct PersonaWriting<Task: WritingTask>: Workflow {
    static var kind: JobKind { Task.kind }
    typealias Step = WritingStep

    let database: any Database
    let call: ModelCall
    let supplies: Supplies

    func next(after done: JobProgress<WritingStep>, of job: Job<WritingJob>) throws -> Next<WritingStep> {
        if done.rounds(of: .write) > 0 { return .finish }
        return .run(.write, on: supplies.settings.pool, cost: supplies.settings.costs.text)
    }

    func perform(
        _ step: WritingStep, of job: Job<WritingJob>, after done: JobProgress<WritingStep>, in context: StepContext
    ) async throws -> Recording {
        let input = job.input
        let subject = try await database.read { transaction in try WritingSubject(input, in: transaction) }
        var logger = context.logger
        logger[metadataKey: "trace"] = "\(input.traceID ?? "-")"
        logger.debug("asking for a text", metadata: ["kind": "\(Self.kind)"])
        let terms = CallTerms(
            model: supplies.settings.model,
            marker: [context.attemptKey, input.traceID].compactMap { $0 }.joined(separator: " "))
        let check = VoiceCheck(persona: subject.persona, earlier: subject.earlier, lengthMax: Task.lengthMax)
        let answer = try await call.ask(
            Task.kind.rawValue, Task.prompt(subject, input, terms), as: WrittenText.self, in: context,
            check: check.problems)
        let text = TextRules.plain(answer.value.text)
        let (supplies, model) = (supplies, answer.model)
        return try Recording(Written(characters: text.unicodeScalars.count, model: model)) { transaction in
            let result = try Task.store(text, by: model, subject, input, supplies, in: transaction)
            try OperationBook.done(input, result, in: transaction)
        }
    }

    func policy(for step: WritingStep) -> StepPolicy {
        let settings = supplies.settings
        var policy = StepPolicy(
            timeout: settings.timeouts.text, attemptsMax: 5,
            backoff: Task.isAwaited ? settings.hastyBackoff : settings.backoff)
        policy.model = settings.model
        return policy
    }

    func announcesStart(of step: WritingStep) -> Bool { true }

    func itinerary(from step: WritingStep, of job: Job<WritingJob>) -> [Leg] {
        [Leg(pool: supplies.settings.pool, cost: supplies.settings.costs.text, duration: .seconds(3))]
    }

    func project(
        _ change: Transition<WritingStep>, of job: Job<WritingJob>, in transaction: borrowing Transaction
    ) throws {
        switch change {
        case .queued: try OperationBook.queued(job.input, in: transaction)
        case .started: try OperationBook.started(job.input, in: transaction)
        case .failed(let failure): try OperationBook.failed(job.input, failure, in: transaction)
        case .cancelled: try OperationBook.failed(job.input, nil, in: transaction)
        case .waiting, .succeeded: break
        }
    }

    /// The step's result in the ledger: what was written stands where it belongs.
    private struct Written: Codable {
        let characters: Int
        let model: String
    }
}

enum WritingStep: String, StepName {
    case write
}

/// What a job needs to be done again from nothing.
struct WritingJob: Codable, Sendable {
    var operation: OperationID
    /// Of several texts that are asked for together, which one; from 1.
    var part = 1
    var persona: PersonaID
    var room: RoomID?
    var post: PostID?
    var hint: String?
    /// The request's, so that its log lines and the provider's can be put together.
    var traceID: String?

    /// A retried job must not meet another for the same pair.
    var uniqueKey: String? { post.map { "reply:\($0):\(persona)" } }
}

/// What the texts are about, as it is when a worker takes the job.
struct WritingSubject: Sendable {
    let persona: Persona
    let room: Room
    let post: Post?
    /// Newest first.
    let thread: [Reply]
    /// What the persona wrote last.
    let earlier: [String]

    private static let threadMax = 12

    var material: Material { Material(persona: persona, room: room, earlier: earlier) }

    /// - Throws: ``StepFailure`` when persona or post are gone.
    init(_ job: WritingJob, in transaction: borrowing Transaction) throws {
        guard let persona = try Persona.find(job.persona, in: transaction) else { throw StepFailure.gone("persona") }
        self.persona = persona
        if let id = job.post {
            let post: Post? = try transaction.one(
                "select \(Post.columns) from \(Post.source) where o.id = \(id) and o.status = 'PUBLISHED'")
            guard let post else { throw StepFailure.gone("post") }
            self.post = post
            room = try Room.require(post.roomID.rawValue, in: transaction)
            thread = try transaction.all(
                """
                select \(Reply.columns) from \(Reply.source)
                 where r.post_id = \(id) and r.status = 'VISIBLE' order by r.created_at desc, r.id desc
                 limit \(Self.threadMax)
                """)
        } else {
            post = nil
            thread = []
            guard let id = job.room else { throw StepFailure.gone("room") }
            room = try Room.require(id.rawValue, in: transaction)
        }
        earlier = try Self.earlier(of: job.persona, in: transaction)
    }

    private static func earlier(of id: PersonaID, in transaction: borrowing Transaction) throws -> [String] {
        let replies: [String] = try transaction.values(
            """
            select content from replies where persona_id = \(id) and status = 'VISIBLE'
             order by created_at desc limit \(VoiceCheck.earlierMax)
            """)
        let posts: [String] = try transaction.values(
            """
            select content from posts where persona_id = \(id) and status = 'PUBLISHED'
             order by created_at desc, id desc limit \(VoiceCheck.earlierMax)
            """)
        return replies + posts
    }
}
