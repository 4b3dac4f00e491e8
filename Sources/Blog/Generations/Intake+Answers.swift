import Database
import Engine

extension Intake {
    /// The answer to a key is stored by the first who gets here, before it is sent; everyone reads what it wrote.
    func answers(to entries: [Entry], _ results: [Result<Stored, any Error>]) async throws -> [Answer] {
        let stored = results.compactMap { try? $0.get() }  // What failed is answered below.
        let found = try await engine.summaries(of: stored.map(\.id), in: .allSites)
        let summaries = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        func fresh(_ stored: Stored) -> Submitted {
            Submitted(stored.id, summaries[stored.id], isRepetition: stored.isRepetition)
        }
        let keyed = zip(entries, results).compactMap { entry, result in
            entry.key == nil ? nil : (try? result.get()).map(fresh)
        }
        let kept = try await keep(keyed)
        return results.map { result in
            result.map { stored in
                var answer = kept[stored.id] ?? fresh(stored)
                answer.isRepetition = stored.isRepetition
                return answer
            }
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
    init(_ id: JobID, _ summary: GenerationSummary?, isRepetition: Bool) {
        self.init(
            id: id, status: summary?.status ?? .pending, position: summary?.waiting?.position, eta: summary?.eta,
            isRepetition: isRepetition)
    }
}
