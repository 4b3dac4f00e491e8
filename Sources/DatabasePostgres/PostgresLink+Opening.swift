import CLibPQ
import Database

extension PostgresLink {
    /// Opens a connection, or gives up on a server that says nothing.
    static func open(_ info: ConnectionInfo, _ pulse: ServerPulse) throws -> OpaquePointer {
        let outOfMemory = DatabaseError(.unavailable, "libpq is out of memory")
        if pulse.isSilent { throw ServerPulse.silence }
        if info.hasSeveralHosts {
            guard let opened = info.withKeywordsAndValues({ PQconnectdbParams($0, $1, 0) }) else { throw outOfMemory }
            return opened
        }
        let began = ContinuousClock.now
        guard var attempt = ConnectionAttempt(info) else { throw outOfMemory }
        let progress = attempt.finish(until: began + info.limit) { pulse.isSilent(since: began) }
        if progress == .late {
            PQfinish(attempt.connection)
            throw ServerPulse.silence
        }
        return attempt.connection
    }

    static func connectFailure(_ connection: OpaquePointer) -> DatabaseError {
        let words = line(String(cString: PQerrorMessage(connection)))
        // libpq keeps no SQLSTATE for a failed connection; whether it spoke to a server at all is known.
        if PQconnectionNeedsPassword(connection) == 1
            || PQconnectionUsedPassword(connection) == 1 && words.contains("authentication")
        {
            return DatabaseError(
                .refused, "the database server refused the password", hint: "Check user and password in DATABASE_URL.")
        }
        for reason in ["does not exist", "pg_hba.conf", "permission denied for database", "is not permitted to log in"]
        where words.contains(reason) && words.contains("FATAL") {
            return DatabaseError(.refused, "the database server refused: \(words)", hint: "Check DATABASE_URL.")
        }
        return DatabaseError(.unavailable, "cannot connect to the database: \(words)", sqlState: "08001")
    }

    static func line(_ words: String) -> String {
        words.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
    }
}
