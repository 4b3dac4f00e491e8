import Database
import Engine
import ProductKit
import Providers

/// What a run of a battle needs to be done again from nothing.
package struct BattleJob: Codable, Sendable {
    var battle: PostID
    /// Regenerating begins another run; what an older one brings is dropped.
    var run: Int
    var turns: Int
    var words: Int
    var traceID: String?

    var uniqueKey: String { "battle:\(battle)" }
    /// From so many turns on they are written in two calls, the second of which knows the first.
    static let longFrom = 8
    var isLong: Bool { turns >= Self.longFrom }
    /// The turns of the first call; always whole exchanges.
    var openingTurns: ClosedRange<Int> { 1...(isLong ? (turns / 4) * 2 : turns) }
}

/// A battle's way: opening → (closing) → verdict. Two calls, three for long ones.
///
/// A second half that fails leaves a partial battle; a judge that fails is replaced by counting.
package struct BattleWriting: Workflow {
    package static let kind: JobKind = "battle"

    package enum Step: String, StepName {
        /// All turns, or the first half of them.
        case opening
        case closing
        case verdict
    }
    package typealias Done = JobProgress<Step>

    let database: any Database
    let call: ModelCall
    let supplies: Supplies

    private var settings: Arena.Settings { supplies.settings }

    package func next(after done: Done, of job: Job<BattleJob>) throws -> Next<Step> {
        if done.rounds(of: .opening) == 0 { return .run(.opening, on: settings.pool, cost: settings.costs.battleTurns) }
        if job.input.isLong {
            guard let closing: Written = try done.result(of: .closing) else {
                return .run(.closing, on: settings.pool, cost: settings.costs.battleTurns)
            }
            if closing.isMissing { return .finish }
        }
        if done.rounds(of: .verdict) > 0 { return .finish }
        return .run(.verdict, on: settings.pool, cost: settings.costs.verdict)
    }

    package func perform(
        _ step: Step, of job: Job<BattleJob>, after done: Done, in context: StepContext
    ) async throws -> Recording {
        let input = job.input
        let subject = try await database.read { transaction in try BattleSubject(input, in: transaction) }
        let marker = [context.attemptKey, input.traceID].compactMap { $0 }.joined(separator: " ")
        let terms = CallTerms(model: settings.battleModel, marker: marker)
        switch step {
        case .opening: return try await write(input.openingTurns, subject, input, terms, in: context)
        case .closing:
            let turns = (input.openingTurns.upperBound + 1)...input.turns
            return try await write(turns, subject, input, terms, in: context)
        case .verdict: return try await judge(subject, input, terms, in: context)
        }
    }

    private func write(
        _ numbers: ClosedRange<Int>, _ subject: BattleSubject, _ input: BattleJob, _ terms: CallTerms,
        in context: StepContext
    ) async throws -> Recording {
        let check = TurnsCheck(subject: subject, numbers: numbers)
        let answer = try await call.ask(
            "battle.turns", BattlePrompts.turns(numbers, subject, terms), as: WrittenTurns.self, in: context,
            check: { check.problems($0) }, isUsable: { check.isUsable($0) })
        let turns = answer.value.turns.sorted { $0.turn < $1.turn }
        let (supplies, model) = (supplies, answer.model)
        return try Recording(Written(turns: turns.count)) { transaction in
            try BattleBook.store(turns, by: model, subject, input, supplies, in: transaction)
        }
    }

    private func judge(
        _ subject: BattleSubject, _ input: BattleJob, _ terms: CallTerms, in context: StepContext
    ) async throws -> Recording {
        let answer = try await call.ask(
            "battle.verdict", BattlePrompts.verdict(subject, terms), as: WrittenVerdict.self, in: context,
            check: { VerdictCheck.problems($0) })
        let verdict = answer.value.verdict(by: .judge)
        let supplies = supplies
        return try Recording(Written(turns: 0)) { transaction in
            try BattleBook.complete(verdict, input, supplies, in: transaction)
        }
    }

    package func absorb(_ failure: StepFailure, at step: Step, of job: Job<BattleJob>) -> Recording? {
        let (input, supplies) = (job.input, supplies)
        // A recording of these plain values cannot fail to be encoded; if it did, the job would fail with this failure.
        switch step {
        case .opening: return nil
        case .closing:
            return try? Recording(Written(turns: 0, isMissing: true)) { transaction in
                try BattleBook.endPartial(failure, input, in: transaction)
            }
        case .verdict:
            return try? Recording(Written(turns: 0)) { transaction in
                let subject = try BattleSubject(input, in: transaction)
                try BattleBook.complete(
                    HeuristicVerdict.make(subject.battle, subject.turns), input, supplies, in: transaction)
            }
        }
    }

    package func policy(for step: Step) -> StepPolicy {
        var policy = StepPolicy(
            timeout: settings.timeouts.battle, attemptsMax: step == .verdict ? 3 : 5, backoff: settings.backoff)
        policy.model = settings.battleModel
        return policy
    }

    package func announcesStart(of step: Step) -> Bool { step == .opening }

    package func itinerary(from step: Step, of job: Job<BattleJob>) -> [Leg] {
        let turns = Leg(pool: settings.pool, cost: settings.costs.battleTurns, duration: .seconds(8))
        let verdict = Leg(pool: settings.pool, cost: settings.costs.verdict, duration: .seconds(4))
        return switch step {
        case .opening: job.input.isLong ? [turns, turns, verdict] : [turns, verdict]
        case .closing: [turns, verdict]
        case .verdict: [verdict]
        }
    }

    package func project(
        _ change: Transition<Step>, of job: Job<BattleJob>, in transaction: borrowing Transaction
    ) throws {
        switch change {
        case .queued(.opening, _): try BattleBook.show(.queued, job.input, in: transaction)
        case .queued(.closing, _), .started: try BattleBook.show(.running, job.input, in: transaction)
        case .queued(.verdict, _): try BattleBook.show(.judging, job.input, in: transaction)
        case .failed(let failure): try BattleBook.end(.failed, failure, job.input, in: transaction)
        case .cancelled: try BattleBook.end(.cancelled, nil, job.input, in: transaction)
        case .waiting, .succeeded: break
        }
    }

    /// A step's result in the ledger: what was written stands in the battle's rows.
    private struct Written: Codable {
        var turns: Int
        /// It has failed for good, and the battle goes on without it.
        var isMissing = false
    }
}

/// What a battle is about, as it is when a worker takes the step.
struct BattleSubject: Sendable {
    let battle: Battle
    let template: Template
    let one: Persona
    /// Nil for the community's voice.
    let other: Persona?
    let turns: [BattleTurn]

    /// - Throws: ``StepFailure`` when the battle or a persona of it is gone.
    init(_ job: BattleJob, in transaction: borrowing Transaction) throws {
        let battle: Battle? = try transaction.one(
            """
            select \(Battle.columns) from \(Battle.source)
             where g.post_id = \(job.battle) and g.run = \(job.run) and o.status = 'PUBLISHED'
            """)
        guard let battle,
            let template = try Template.version(battle.templateVersion, of: battle.templateID, in: transaction)
        else { throw StepFailure.gone("battle") }
        self.battle = battle
        self.template = template
        guard let one = try Persona.find(battle.personaA, in: transaction) else { throw StepFailure.gone("persona") }
        self.one = one
        if let id = battle.personaB {
            guard let other = try Persona.find(id, in: transaction) else { throw StepFailure.gone("persona") }
            self.other = other
        } else {
            other = nil
        }
        turns = try battle.turns(in: transaction)
    }

    func persona(of side: BattleTurn.Side) -> Persona? { side == .pro ? one : other }
}
