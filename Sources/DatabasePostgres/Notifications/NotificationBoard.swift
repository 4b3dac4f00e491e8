import Database
import Synchronization

/// What the tasks that post, subscribe and hold share with the thread that listens.
final class NotificationBoard: Sendable {
    private struct State {
        var outbox = Outbox()
        var wanted: SessionLock?
        var held: SessionLock?
        var connected = false
    }
    let subscribers = Subscribers()
    let pipe = WakePipe()
    private let state = Mutex(State())

    /// PostgreSQL's limits; what is longer is a mistake of ours.
    private static let channelBytesMax = 63
    private static let payloadBytesMax = 7_999

    var isConnected: Bool { state.withLock { $0.connected } }
    var heldLock: SessionLock? { state.withLock { $0.held } }
    var wantedLock: SessionLock? { state.withLock { $0.wanted } }
    var hasPosts: Bool { state.withLock { !$0.outbox.isEmpty } }

    func wake() { pipe.signal() }

    func post(_ channel: String, _ payload: String) {
        precondition(channel.utf8.count <= Self.channelBytesMax, "a channel's name is too long")
        precondition(payload.utf8.count <= Self.payloadBytesMax, "a wake-up carries too much")
        let first = state.withLock { state in
            defer { state.outbox.add(channel, payload) }
            return state.outbox.isEmpty
        }
        if first { wake() }
    }

    func wish(for lock: SessionLock?) {
        state.withLock { $0.wanted = lock }
        wake()
    }

    func takePosts() -> [Outbox.Wakeup] { state.withLock { $0.outbox.takeAll() } }

    func connect() { state.withLock { $0.connected = true } }

    func note(held lock: SessionLock?) { state.withLock { $0.held = lock } }

    /// Returns whether there was a connection.
    func disconnect() -> Bool {
        state.withLock { state in
            defer { (state.connected, state.held) = (false, nil) }
            return state.connected
        }
    }
}
