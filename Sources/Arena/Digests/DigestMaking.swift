import Database
import Engine

/// One digest to be made: of a persona's day or of a user's week.
protocol DigestTask: Codable, Sendable {
    static var kind: JobKind { get }
    /// At most one job for it is active.
    var uniqueKey: String { get }
    /// - Returns: what is to be stored; nil where there is nothing to tell, or it is stored already.
    func make(in transaction: borrowing Transaction) throws -> (@Sendable (borrowing Transaction) throws -> Void)?
}

struct DailyDigestTask: DigestTask {
    static let kind: JobKind = "digest_daily"
    let persona: PersonaID
    let period: DigestPeriod

    var uniqueKey: String { "digest_daily:\(persona):\(period.name)" }

    func make(in transaction: borrowing Transaction) throws -> (@Sendable (borrowing Transaction) throws -> Void)? {
        guard try DigestBook.daily(persona, period, in: transaction) == nil,
            let digest = try DigestBook.makeDaily(persona, period, in: transaction)
        else { return nil }
        return { [persona] in try DigestBook.store(digest, of: persona, in: $0) }
    }
}

struct WeeklyDigestTask: DigestTask {
    static let kind: JobKind = "digest_weekly"
    let user: UserID
    let period: DigestPeriod

    var uniqueKey: String { "digest_weekly:\(user):\(period.name)" }

    func make(in transaction: borrowing Transaction) throws -> (@Sendable (borrowing Transaction) throws -> Void)? {
        guard try DigestBook.weekly(user, period, in: transaction) == nil else { return nil }
        let digest = try DigestBook.makeWeekly(user, period, in: transaction)
        return { [user] in try DigestBook.store(digest, of: user, in: $0) }
    }
}

/// Makes a digest in the background, without a call.
struct DigestMaking<Task: DigestTask>: Workflow {
    static var kind: JobKind { Task.kind }
    enum Step: String, StepName { case make }

    let database: any Database
    let supplies: Supplies

    func next(after done: JobProgress<Step>, of job: Job<Task>) throws -> Next<Step> {
        done.rounds(of: .make) > 0 ? .finish : .run(.make, on: supplies.settings.digestPool, cost: 1)
    }

    func perform(
        _ step: Step, of job: Job<Task>, after done: JobProgress<Step>, in context: StepContext
    ) async throws -> Recording {
        let store = try await database.read { [task = job.input] in try task.make(in: $0) }
        guard let store else { return .nothing }
        return try Recording(true, rows: store)
    }

    func policy(for step: Step) -> StepPolicy {
        StepPolicy(timeout: supplies.settings.timeouts.digest, attemptsMax: 3, backoff: supplies.settings.backoff)
    }
}
