import CLibPQ
import Database
import Foundation

/// A connection in the making, step by step: libpq by itself counts whole seconds, and at least two.
struct ConnectionAttempt: ~Copyable {
    enum Progress { case ended, spokenTo, late }

    let connection: OpaquePointer
    private var wanted: PostgresPollingStatusType

    static let lookInterval = Duration.milliseconds(100)

    /// Nil when libpq is out of memory. The connection is the caller's to finish.
    init?(_ info: ConnectionInfo) {
        guard let started = info.withKeywordsAndValues({ PQconnectStartParams($0, $1, 0) }) else { return nil }
        connection = started
        wanted = PQstatus(started) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    }

    /// Goes on until the connection is open or has failed; `isHopeless` is asked now and then.
    mutating func finish(
        until deadline: ContinuousClock.Instant, unless isHopeless: () -> Bool
    ) -> Progress {
        while wanted != PGRES_POLLING_OK, wanted != PGRES_POLLING_FAILED {
            guard isReady(until: min(deadline, .now + Self.lookInterval)) else {
                if .now >= deadline || isHopeless() { return .late }
                continue
            }
            wanted = PQconnectPoll(connection)
        }
        return .ended
    }

    /// Goes on until the server has said anything at all.
    mutating func hearFirstWord(until deadline: ContinuousClock.Instant) -> Progress {
        while wanted != PGRES_POLLING_OK, wanted != PGRES_POLLING_FAILED {
            guard isReady(until: deadline) else { return .late }
            if wanted == PGRES_POLLING_READING { return .spokenTo }
            wanted = PQconnectPoll(connection)
        }
        return .ended
    }

    private func isReady(until deadline: ContinuousClock.Instant) -> Bool {
        let events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT
        var descriptors = [pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)]
        return poll(&descriptors, 1, Int32(clamping: max(.zero, deadline - .now).milliseconds + 1)) != 0
    }
}

extension ServerPulse {
    /// For the server of these settings.
    convenience init(_ configuration: PostgresConfiguration) throws {
        let info = try ConnectionInfo(configuration)
        self.init(limit: configuration.silenceLimit) { limit in
            guard var attempt = ConnectionAttempt(info) else { return true }
            // Refused is an answer as well: those who wait hear of it on their own connections.
            let isAnswered = attempt.hearFirstWord(until: .now + limit) != .late
            PQfinish(attempt.connection)
            return isAnswered
        }
    }
}
