import Synchronization

/// Wake-ups inside one process, which is all that SQLite needs: one process runs the workers.
public final class LocalNotifications: Notifications {
    private let subscribers = Subscribers()

    public init() {}

    public func post(_ channel: String, _ payload: String) async { subscribers.deliver(channel, payload) }

    public func subscribe(_ channel: String) -> AsyncStream<String> { subscribers.add(channel) }

    /// Has nothing to do; returns when the task is cancelled.
    public func run() async throws {
        for await _ in AsyncStream<Never>.makeStream().stream {}
    }
}

/// Who listens to which channel.
package final class Subscribers: Sendable {
    private struct State {
        var next = 0
        var channels: [String: [Int: AsyncStream<String>.Continuation]] = [:]
    }
    /// A reader that is further behind misses the oldest: a wake-up only says "look".
    package static let bufferMax = 64

    private let state = Mutex(State())

    package init() {}

    package var channels: [String] { state.withLock { $0.channels.keys.sorted() } }

    package func add(_ channel: String) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(Self.bufferMax))
        let id = state.withLock { state in
            state.next += 1
            state.channels[channel, default: [:]][state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in self?.remove(channel, id) }
        return stream
    }

    package func deliver(_ channel: String, _ payload: String) {
        let listeners = state.withLock { $0.channels[channel].map { Array($0.values) } ?? [] }
        for listener in listeners { listener.yield(payload) }
    }

    private func remove(_ channel: String, _ id: Int) {
        state.withLock {
            $0.channels[channel]?[id] = nil
            if $0.channels[channel]?.isEmpty == true { $0.channels[channel] = nil }
        }
    }
}
