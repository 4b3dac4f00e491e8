import Database
import Engine
import ProductKit

/// The second half of an ``Intake``: tells senders where their submissions stand.
struct IntakeAnswers: Sendable {
    let engine: Engine

    /// The answer to a key is stored by the first who gets here, before it is sent; everyone reads what it wrote.
    /// - Returns: an answer to each, in order.
    func answers(to stored: [Intake.Stored]) async throws -> [Submitted] {
        // What has just been stored is pending and waits; only of what was there before must the rows be asked.
        let known = try await engine.summaries(of: stored.filter(\.isRepetition).map(\.id), in: .allSites)
        let summaries = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0) })
        let standings = try await engine.standings(of: stored.filter { !$0.isRepetition }.map(\.id))
        let fresh = stored.map { stored in
            stored.isRepetition
                ? Submitted(repeating: stored.id, summaries[stored.id])
                : Submitted(new: stored.id, standings[stored.id])
        }
        let kept = try await keep(zip(stored, fresh).filter(\.0.hasKey).map(\.1))
        return fresh.map { fresh in
            var answer = kept[fresh.id] ?? fresh
            answer.isRepetition = fresh.isRepetition
            return answer
        }
    }

    private func keep(_ answers: [Submitted]) async throws -> [JobID: Submitted] {
        guard !answers.isEmpty else { return [:] }
        // A key that comes twice has one answer.
        let firsts = Dictionary(answers.map { ($0.id, $0) }) { first, _ in first }
        let ids = firsts.keys.sorted()
        let rows = try ids.compactMap { id in
            try firsts[id].map { [id.sqlValue, try StoredJSON.text($0).sqlValue] }
        }
        return try await engine.database.transaction { transaction in
            // If it is lost, the next who comes with the key is told where the submission stands then.
            try transaction.commitUnflushed()
            try transaction.executeLater(
                """
                update blog_generations set answer = v.column2
                  from \(table: rows) where id = v.column1 and answer is null
                """)
            var kept: [JobID: Submitted] = [:]
            try transaction.forEach("select id, answer from blog_generations where id \(ids: ids.map(\.rawValue))") {
                guard let answer = try $0[1] as String? else { return }
                kept[try $0[0]] = try StoredJSON.value(answer)
            }
            return kept
        }
    }
}

extension Submitted {
    fileprivate init(new id: JobID, _ standing: JobStanding?) {
        self.init(
            id: id, status: .pending, position: standing.flatMap(GenerationSummary.Waiting.init)?.position,
            eta: standing.flatMap(GenerationSummary.Estimate.init), isRepetition: false)
    }

    fileprivate init(repeating id: JobID, _ summary: GenerationSummary?) {
        self.init(
            id: id, status: summary?.status ?? .pending, position: summary?.waiting?.position, eta: summary?.eta,
            isRepetition: true)
    }
}
