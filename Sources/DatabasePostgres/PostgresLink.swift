import CLibPQ
import Database
import Foundation

/// The wire: sends one command at a time and waits for its results, never longer than it was told.
final class PostgresLink {
    private var connection: OpaquePointer?
    let cancelRequest: CancelRequest
    private let pulse: ServerPulse
    /// Called every ``lookInterval`` while an answer is awaited.
    var whileWaiting: (() -> Void)?

    static let lookInterval = Duration.milliseconds(100)

    /// - Throws: ``DatabaseError/Kind/unavailable`` or ``DatabaseError/Kind/refused``; nothing was sent.
    init(_ info: ConnectionInfo, pulse: ServerPulse) throws {
        let opened = try Self.open(info, pulse)
        guard PQstatus(opened) == CONNECTION_OK, let cancel = PQgetCancel(opened) else {
            let failure = Self.connectFailure(opened)
            PQfinish(opened)
            throw failure
        }
        PQsetnonblocking(opened, 1)
        PQsetNoticeProcessor(opened, { _, _ in }, nil)  // libpq would print notices to the standard error
        connection = opened
        cancelRequest = CancelRequest(cancel)
        self.pulse = pulse
        pulse.note()
    }

    deinit { close() }

    var isAlive: Bool { connection != nil && PQstatus(connection) == CONNECTION_OK }
    var descriptor: Int32 { PQsocket(connection) }

    func close() {
        PQfinish(connection)
        connection = nil
    }

    /// Text without parameters; several commands may be separated by semicolons.
    func query(_ text: String, within limit: Duration) throws -> PostgresResult {
        try finish(PQsendQuery(connection, text), within: limit)
    }

    func prepare(_ name: String, _ text: String, _ types: [Oid], within limit: Duration) throws {
        _ = try finish(PQsendPrepare(connection, name, text, Int32(types.count), types), within: limit)
    }

    func execute(_ name: String, _ parameters: Parameters, within limit: Duration) throws -> PostgresResult {
        let sent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, parameters.count, values, lengths, formats, 0)
        }
        return try finish(sent, within: limit)
    }

    func execute(text: String, _ parameters: Parameters, within limit: Duration) throws -> PostgresResult {
        let sent = parameters.withPointers { values, lengths, formats in
            PQsendQueryParams(connection, text, parameters.count, parameters.types, values, lengths, formats, 0)
        }
        return try finish(sent, within: limit)
    }

    /// Reads what has arrived without a command, such as notifications or the news that the server is gone.
    func consume() throws { if PQconsumeInput(connection) == 0 { throw lost() } }

    func nextNotification() -> (channel: String, payload: String)? {
        guard let notification = PQnotifies(connection) else { return nil }
        defer { PQfreemem(notification) }
        return (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
    }
}

extension PostgresLink {
    /// One command and the wait for its answer.
    private struct Turn {
        let began = ContinuousClock.now
        let deadline: ContinuousClock.Instant
        init(_ limit: Duration) { deadline = began + limit }
    }

    private func finish(_ sent: Int32, within limit: Duration) throws -> PostgresResult {
        guard sent == 1 else { throw lost() }
        let turn = Turn(limit)
        try flush(turn)
        var kept: PostgresResult?
        do {
            while let result = try nextResult(turn) {
                // The first failure says why; the results after it are only consequences.
                if kept?.isFailure != true { kept = result }
            }
        } catch {
            // What the server said before it hung up says more than that it hung up.
            throw kept?.isFailure == true ? kept?.failure(connectionLost: true) ?? error : error
        }
        guard let kept else { throw lost() }
        if kept.isFailure { throw kept.failure(connectionLost: !isAlive) }
        return kept
    }

    private func nextResult(_ turn: Turn) throws -> PostgresResult? {
        while PQisBusy(connection) == 1 {
            try wait(POLLIN, turn)
            try consume()
        }
        return PQgetResult(connection).map(PostgresResult.init)
    }

    private func flush(_ turn: Turn) throws {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                // The server may refuse to read on until we have read what it says.
                try wait(POLLIN | POLLOUT, turn)
                try consume()
            default: throw lost()
            }
        }
    }

    private func wait(_ events: Int32, _ turn: Turn) throws {
        let left = max(.zero, min(turn.deadline - .now, Self.lookInterval))
        if isReady(events, within: left) { return pulse.note() }
        whileWaiting?()
        // Not even an error came back: the server is frozen or cut off. This connection is of no use any more.
        let isHopeless = .now >= turn.deadline || pulse.isSilent(since: turn.began)
        guard isHopeless, !isReady(events, within: .zero) else { return }
        close()
        throw DatabaseError(.connectionLost, "the database server did not answer in time", sqlState: "08006")
    }

    private func isReady(_ events: Int32, within limit: Duration) -> Bool {
        var descriptors = [pollfd(fd: descriptor, events: Int16(events), revents: 0)]
        return poll(&descriptors, 1, limit == .zero ? 0 : Int32(limit.milliseconds + 1)) != 0
    }

    private static func open(_ info: ConnectionInfo, _ pulse: ServerPulse) throws -> OpaquePointer {
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

    private func lost() -> DatabaseError {
        let words = connection.map { Self.line(String(cString: PQerrorMessage($0))) } ?? ""
        close()
        return DatabaseError(
            .connectionLost, "the connection to the database was lost" + (words.isEmpty ? "" : ": \(words)"),
            sqlState: "08006")
    }

    private static func connectFailure(_ connection: OpaquePointer) -> DatabaseError {
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

    private static func line(_ words: String) -> String {
        words.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
    }
}
