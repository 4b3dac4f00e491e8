import CLibPQ
import Database
import Foundation

/// The wire: sends commands in line and waits for their answers, never longer than it was told.
///
/// Uses libpq's pipeline mode: what is put in line travels together, is run in order, and after a failure nothing more of
/// the line is run.
final class PostgresLink {
    private var connection: OpaquePointer?
    let cancelRequest: CancelRequest
    private let pulse: ServerPulse
    /// Commands that were put in line and whose answers were not read yet.
    private var unanswered = 0
    /// Which command of the last line failed, counted from 0; nil when none did, or the connection was lost.
    private(set) var failedCommand: Int?
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
        PQenterPipelineMode(opened)
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

    // MARK: Putting in line

    func prepare(_ name: String, _ text: String, _ types: [Oid]) throws {
        try count(PQsendPrepare(connection, name, text, Int32(types.count), types))
    }

    func execute(_ name: String, _ parameters: Parameters) throws {
        try count(
            parameters.withPointers { values, lengths, formats in
                PQsendQueryPrepared(connection, name, parameters.count, values, lengths, formats, 0)
            })
    }

    /// A single command that is not prepared.
    func execute(text: String, _ parameters: Parameters = Parameters([])) throws {
        try count(
            parameters.withPointers { values, lengths, formats in
                PQsendQueryParams(connection, text, parameters.count, parameters.types, values, lengths, formats, 0)
            })
    }

    /// Lets the server begin with what is in line, as far as the connection takes it at once.
    func push() throws { if PQflush(connection) < 0 { throw lost() } }

    private func count(_ sent: Int32) throws {
        guard sent == 1 else { throw lost() }
        unanswered += 1
    }

    // MARK: Waiting

    /// Waits until all that is in line has been answered.
    ///
    /// - Returns: a result for each command.
    /// - Throws: the first failure; ``failedCommand`` says whose it was. What stood behind it was not run.
    func answers(within limit: Duration) throws -> [PostgresResult] {
        let expected = unanswered
        unanswered = 0
        failedCommand = nil
        guard PQpipelineSync(connection) == 1 else { throw lost() }
        let turn = Turn(limit)
        try flush(turn)
        var results: [PostgresResult] = []
        results.reserveCapacity(expected)
        var failure: PostgresResult?
        do {
            for index in 0..<expected {
                // Of several results of a command the first failure says why; what follows is only its consequence.
                var kept: PostgresResult?
                while let result = try nextResult(turn) {
                    if kept?.isFailure != true { kept = result }
                }
                guard let kept else { throw lost() }
                if kept.isFailure, failure == nil {
                    failure = kept
                    failedCommand = index
                }
                results.append(kept)
            }
            guard try nextResult(turn)?.isSync == true else { throw lost() }
        } catch {
            // What the server said before it hung up says more than that it hung up.
            throw failure?.failure(connectionLost: true) ?? error
        }
        if let failure { throw failure.failure(connectionLost: !isAlive) }
        return results
    }

    /// Runs one command and waits for it.
    @discardableResult
    func query(_ text: String, _ parameters: Parameters = Parameters([]), within limit: Duration) throws
        -> PostgresResult
    {
        try execute(text: text, parameters)
        guard let last = try answers(within: limit).last else { throw lost() }
        return last
    }

    /// Several commands without parameters, separated by semicolons, which no pipeline takes.
    func script(_ text: String, within limit: Duration) throws {
        if unanswered > 0 { _ = try answers(within: limit) }
        guard PQexitPipelineMode(connection) == 1, PQsendQuery(connection, text) == 1 else { throw lost() }
        let turn = Turn(limit)
        try flush(turn)
        var failure: PostgresResult?
        do {
            while let result = try nextResult(turn) { if failure == nil, result.isFailure { failure = result } }
        } catch {
            throw failure?.failure(connectionLost: true) ?? error
        }
        if isAlive, PQenterPipelineMode(connection) != 1 { throw lost() }
        if let failure { throw failure.failure(connectionLost: !isAlive) }
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

    private func lost() -> DatabaseError {
        let words = connection.map { Self.line(String(cString: PQerrorMessage($0))) } ?? ""
        close()
        return DatabaseError(
            .connectionLost, "the connection to the database was lost" + (words.isEmpty ? "" : ": \(words)"),
            sqlState: "08006")
    }
}
