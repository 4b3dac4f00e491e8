import Database
import Engine
import ProductKit

extension BlogGenerations {
    /// Newest first, by keyset: pages neither skip nor repeat while new requests come in.
    ///
    /// - Throws: `validation.failed`; `cursor.invalid`.
    package func list(_ filter: GenerationFilter, in scope: Scope) async throws -> GenerationPage {
        let query = try filter.query(scope)
        let rows: [GenerationRow] = try await engine.database.read { transaction in try transaction.all(query) }
        let page = Array(rows.prefix(filter.limit))
        return GenerationPage(
            items: try await summaries(page), nextCursor: rows.count > page.count ? page.last?.id.description : nil)
    }

    /// Those of `ids` that may be seen, in the order of the ids; for whoever follows events.
    package func summaries(of ids: [JobID], in scope: Scope) async throws -> [GenerationSummary] {
        try await engine.summaries(of: ids, in: scope)
    }

    /// How many stand where. Looks at the newest 10,000 only, so that a large table costs no more.
    package func counts(in scope: Scope) async throws -> [GenerationStatus: Int] {
        try await engine.database.read { transaction in
            var counts: [GenerationStatus: Int] = [:]
            try transaction.forEach(
                """
                select status, count(*) from (
                    select status from blog_generations where \(scope.condition) order by id desc limit 10000) as newest
                 group by status
                """
            ) { row in counts[try row[0]] = try row[1] }
            return counts
        }
    }

    func summaries(_ rows: [GenerationRow]) async throws -> [GenerationSummary] { try await engine.summaries(rows) }
}

extension Engine {
    /// Those of `ids` that may be seen, in the order of the ids.
    func summaries(of ids: [JobID], in scope: Scope) async throws -> [GenerationSummary] {
        guard !ids.isEmpty else { return [] }
        let rows: [GenerationRow] = try await database.read { transaction in
            try transaction.all(
                """
                select \(GenerationRow.columns) from blog_generations
                 where id \(ids: ids.map(\.rawValue)) and \(scope.condition) order by id
                """)
        }
        return try await summaries(rows)
    }

    fileprivate func summaries(_ rows: [GenerationRow]) async throws -> [GenerationSummary] {
        let active = rows.filter { !$0.status.hasEnded }.map(\.id)
        let standings = active.isEmpty ? [:] : try await standings(of: active)
        return rows.map { GenerationSummary($0, standing: standings[$0.id]) }
    }
}

extension GenerationFilter {
    /// One row more than asked for, to know whether another page follows.
    func query(_ scope: Scope) throws(BlogError) -> SQL {
        try check()
        var conditions = [scope.condition]
        if statuses.count == 1 { conditions.append("status = \(statuses[0])") }
        if statuses.count > 1 { conditions.append("status in (\(list: statuses))") }
        if let sourceType { conditions.append("source_type = \(sourceType)") }
        if let since { conditions.append("created_at >= \(timestamp: Double(since.milliseconds))") }
        if let text {
            let pattern = "%\(Self.escaped(text.lowercased()))%"
            conditions.append(
                "(lower(source_id) like \(pattern) escape '!' or lower(coalesce(title, '')) like \(pattern) escape '!')"
            )
        }
        if let cursor {
            guard let id = JobID(cursor) else {
                throw BlogError(
                    .cursorInvalid, "The cursor is not one of ours.", hint: "Use nextCursor of the page before.")
            }
            conditions.append("id < \(id)")
        }
        return """
            select \(GenerationRow.columns) from blog_generations
             where \(conditions.joined(separator: " and ")) order by id desc limit \(limit + 1)
            """
    }

    private func check() throws(BlogError) {
        var problems: [FieldProblem] = []
        if !(1...100).contains(limit) { problems.append(FieldProblem("limit", "must be from 1 to 100")) }
        if let text, case .wrong(let complaint) = TextRules.check(text, length: 1...200) {
            problems.append(FieldProblem("text", complaint))
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            if character == "%" || character == "_" || character == "!" { escaped.append("!") }
            escaped.append(character)
        }
    }
}
