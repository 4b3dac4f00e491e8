import Database

extension History {
    /// Reads what one job has behind it.
    static func load(_ id: JobID, in transaction: borrowing Transaction) throws -> History {
        try load([id], in: transaction)[id] ?? History()
    }

    /// Reads what several jobs have behind them, in one statement.
    static func load(_ ids: [JobID], in transaction: borrowing Transaction) throws -> [JobID: History] {
        var histories: [JobID: History] = [:]
        let numbers = ids.map(\.rawValue)
        try transaction.forEach(
            """
            select job_id, step, round, result, ended_at, null from steps where job_id \(ids: numbers)
            union all
            select job_id, name, 0, payload, at, sent_by from signals where job_id \(ids: numbers)
            order by 1, 5, 2, 3
            """
        ) { row in
            let name: String = try row[1]
            let round: Int = try row[2]
            let json: String? = try row[3]
            var history = try histories[row[0]] ?? History()
            if let sender: String = try row[5] {
                history.signals[name] = try Signal(payload: json, by: sender, at: Double(row[4] as Int64))
            } else {
                history.results.append(StoredResult(step: name, round: round, json: json ?? "null"))
            }
            histories[try row[0]] = history
        }
        return histories
    }
}
