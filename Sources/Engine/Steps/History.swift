import Database

extension History {
    /// Reads what one job has behind it.
    static func load(_ id: JobID, in transaction: borrowing Transaction) throws -> History {
        try load([id], in: transaction)[id] ?? History()
    }

    /// Reads what several jobs have behind them, in two statements.
    static func load(_ ids: [JobID], in transaction: borrowing Transaction) throws -> [JobID: History] {
        var histories: [JobID: History] = [:]
        let numbers = ids.map(\.rawValue)
        try transaction.forEach(
            "select job_id, step, round, result from steps where job_id \(ids: numbers) order by job_id, ended_at, step, round"
        ) { row in
            let result = try StoredResult(step: row[1], round: row[2], json: row[3])
            histories[try row[0], default: History()].results.append(result)
        }
        try transaction.forEach("select job_id, name, payload, sent_by, at from signals where job_id \(ids: numbers)") {
            row in
            let signal = try Signal(payload: row[2], by: row[3], at: Double(row[4] as Int64))
            histories[try row[0], default: History()].signals[try row[1]] = signal
        }
        return histories
    }
}
