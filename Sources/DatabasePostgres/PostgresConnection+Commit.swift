import Database

extension PostgresConnection {
    /// Only puts the command in line: it travels with the first statement.
    func begin(_ mode: TransactionMode) throws {
        if pulse.isSilent { throw ServerPulse.silence }
        failure = nil
        timeAtBegin = nil
        hasStatements = false
        isBegun = false
        line = []
        wakes = []
        self.mode = mode
        limit = configuration.statementLimit
        do {
            switch mode {
            case .read: _ = try send(SQLStatement(text: Self.beginRead, parameters: []))
            case .write: _ = try send(SQLStatement(text: "begin", parameters: []))
            }
        } catch let error as DatabaseError where !link.isAlive {
            throw DatabaseError(.unavailable, error.message, sqlState: error.sqlState)
        }
    }

    private static let beginRead = "begin isolation level repeatable read read only"

    func commit(_ mode: TransactionMode) throws {
        // A connection that turns out dead before anything was answered has done nothing, and that must stay certain.
        if !isBegun {
            do { _ = try answers() } catch {
                rollback()
                throw error
            }
        }
        // A connection known to be dead sends nothing, so nothing is in doubt.
        guard link.isAlive else { throw DatabaseError(.connectionLost, "the connection was lost before the commit") }
        var place = Int.max
        do {
            _ = try send(SQLStatement(text: "commit", parameters: []))
            place = line.count - 1
            if !wakes.isEmpty { _ = try send(Self.wake(wakes)) }
            let command = try answers()[place].command
            if command != "COMMIT" {
                throw DatabaseError(.statement, "the database rolled back instead of committing")
            }
        } catch let error as DatabaseError {
            if link.isAlive {
                // A wake-up that failed is none: its listeners poll.
                if let failed = link.failedCommand, failed > place { return }
                rollback()  // A statement in line before the commit has failed.
                throw error
            }
            throw mode == .read
                ? error
                : DatabaseError(
                    .ambiguousCommit, "the connection was lost while committing", sqlState: error.sqlState ?? "08007")
        }
    }

    /// A transaction of its own behind the commit. It need not survive a power cut, so it does not wait for the disk: else
    /// whoever is woken would hear of it a flush later.
    private static func wake(_ channels: [String]) -> SQLStatement {
        let list = SQLValue.column(channels.map(SQLValue.text), .texts)
        let text: SQL = """
            with hasty as materialized (select set_config('synchronous_commit', 'off', true))
            select pg_notify(channel, '') from hasty, unnest(\(list)) as wake (channel)
            """
        return text.statement(for: .postgres)
    }

    /// A connection that cannot even roll back is given up, and the server rolls back.
    func rollback() {
        guard link.isAlive else { return }
        do {
            // What is still in line may fail; a rollback in the same line would then not be run.
            if !line.isEmpty { do { _ = try answers() } catch { guard link.isAlive else { return } } }
            try control("rollback")
        } catch { link.close() }
    }

    /// What every statement asks before it is sent.
    func admit(_ validate: () throws -> Void) throws {
        if let failure { throw failure }
        timeAtBegin = nil
        hasStatements = true
        try interruption?.check()
        try validate()
    }
}
