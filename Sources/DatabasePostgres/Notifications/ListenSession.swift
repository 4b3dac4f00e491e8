import Database
import Foundation

/// One connection's life: listens, passes on what comes in, sends what is to go out, keeps the lock.
struct ListenSession {
    let link: PostgresLink
    let board: NotificationBoard
    let limit: Duration
    private var listening: Set<String> = []
    private var held: SessionLock?
    private var nextSend = ContinuousClock.now
    private var nextLockAttempt = ContinuousClock.now

    /// Equal posts within this time become one.
    static let sendInterval = Duration.milliseconds(1)
    /// A lock that another connection still holds, perhaps our own dead one, is tried again after this.
    static let lockInterval = Duration.milliseconds(500)

    init(link: PostgresLink, board: NotificationBoard, limit: Duration) {
        self.link = link
        self.board = board
        self.limit = limit
    }

    mutating func serve(until interruption: Interruption) throws {
        board.connect()
        while !interruption.isRequested {
            board.pipe.drain()
            try followSubscriptions()
            try followLock()
            try send()
            passOn()
            try waitForNews()
        }
    }

    /// A channel is woken as soon as it is listened to: what was posted before is missed otherwise.
    private mutating func followSubscriptions() throws {
        let wanted = Set(board.subscribers.channels)
        for channel in wanted.subtracting(listening).sorted() {
            try link.query("listen \(Self.quoted(channel))", within: limit)
            listening.insert(channel)
            board.subscribers.deliver(channel, "")
        }
        for channel in listening.subtracting(wanted).sorted() {
            try link.query("unlisten \(Self.quoted(channel))", within: limit)
            listening.remove(channel)
        }
    }

    private mutating func followLock() throws {
        let wanted = board.wantedLock
        guard wanted != held else { return }
        if let held {
            try link.query("select pg_advisory_unlock(\(held.classID), \(held.objectID))", within: limit)
            note(nil)
        }
        guard let wanted, .now >= nextLockAttempt else { return }
        nextLockAttempt = .now + Self.lockInterval
        let answer = try link.query("select pg_try_advisory_lock(\(wanted.classID), \(wanted.objectID))", within: limit)
        if answer.bytes(0, 0).first == UInt8(ascii: "t") { note(wanted) }
    }

    private mutating func note(_ lock: SessionLock?) {
        held = lock
        board.note(held: lock)
    }

    private mutating func send() throws {
        guard board.hasPosts, .now >= nextSend else { return }
        nextSend = .now + Self.sendInterval
        let posts = board.takePosts()
        let columns: [SQLValue] = [posts.map(\.channel), posts.map(\.payload)].map { texts in
            .column(texts.map(SQLValue.text), .texts)
        }
        try link.query(
            "select pg_notify(channel, payload) from unnest($1, $2) as post (channel, payload)", Parameters(columns),
            within: limit)
    }

    private func passOn() {
        while let (channel, payload) = link.nextNotification() { board.subscribers.deliver(channel, payload) }
    }

    private func waitForNews() throws {
        var descriptors = [
            pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: board.pipe.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, timeoutMilliseconds)
        if descriptors[0].revents != 0 { try link.consume() }
        passOn()
    }

    /// Until the next thing to do by the clock; a minute otherwise, which is only a safety net.
    private var timeoutMilliseconds: Int32 {
        var left = Duration.seconds(60)
        if board.hasPosts { left = min(left, nextSend - .now) }
        if board.wantedLock != held { left = min(left, nextLockAttempt - .now) }
        return Int32(max(0, left.milliseconds + 1))
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
