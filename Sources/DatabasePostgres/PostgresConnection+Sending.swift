import CLibPQ
import Database

extension PostgresConnection {
    func noting<R>(_ work: () throws -> R) throws -> R {
        do { return try work() } catch let error as DatabaseError {
            failure = error
            throw error
        }
    }

    /// Puts a statement in line, and before it what prepares it.
    /// - Returns: nil when statements are not prepared.
    func send(_ statement: SQLStatement) throws -> Prepared? {
        let parameters = Parameters(statement.parameters)
        guard configuration.statementsMax > 0 else {
            try link.execute(text: statement.text, parameters)
            line.append(Sent(key: nil))
            return nil
        }
        let key = Key(text: statement.text, types: parameters.types)
        let known = statements[key]
        let prepared = try known ?? prepare(key)
        try link.execute(prepared.name, parameters)
        line.append(Sent(key: key, statement: prepared, isKnown: known != nil))
        if parameters.byteCount > Self.pushBytesMin { try link.push() }
        return prepared
    }

    private func prepare(_ key: Key) throws -> Prepared {
        preparedCount += 1
        let prepared = Prepared(name: "s\(preparedCount)")
        try link.prepare(prepared.name, key.text, key.types)
        line.append(Sent(key: key))
        if let oldest = statements.insert(prepared, for: key) {
            try link.execute(text: "deallocate \(oldest.name)")
            line.append(Sent(key: nil))
        }
        return prepared
    }

    func lastAnswer() throws -> PostgresResult {
        guard let last = try answers().last else {
            throw DatabaseError(.connectionLost, "the database server said nothing to a statement")
        }
        return last
    }

    /// Waits for all that is in line.
    func answers() throws -> [PostgresResult] {
        let sent = line
        line = []
        do {
            let results = try link.answers(within: limit + Self.grace)
            isBegun = true
            for (sent, result) in zip(sent, results) where result.rowCount > 0 {
                guard let eachRow = sent.eachRow else { continue }
                let cursor = ResultCursor(result, columnNames: result.columnNames)
                for row in 0..<result.rowCount {
                    cursor.row = row
                    eachRow(Row(cursor))
                }
            }
            return results
        } catch let error as DatabaseError {
            guard link.isAlive else {
                // Nothing has been done with it yet, then.
                throw isBegun ? error : DatabaseError(.unavailable, error.message, sqlState: error.sqlState)
            }
            isBegun = true
            if error.kind == .readOnly, mode == .write { isStale = true }
            let failed = link.failedCommand ?? 0
            // What was to be prepared from there on does not exist.
            for command in sent.dropFirst(failed) where command.statement == nil {
                if let key = command.key { _ = statements.remove(key) }
            }
            guard failed < sent.count, sent[failed].isKnown, ["0A000", "26000"].contains(error.sqlState) else {
                throw error
            }
            // The schema changed under the plan, or somebody deallocated it. A new connection prepares it anew.
            isStale = true
            throw DatabaseError(.serialization, error.message, sqlState: error.sqlState)
        }
    }
}
