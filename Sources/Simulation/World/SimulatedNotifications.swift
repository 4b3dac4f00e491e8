import Database
import Engine
import Synchronization

/// Wake-ups between simulated processes, a moment after they were posted.
///
/// Shared by all of them, so it is a mutex and no actor: an actor would be drained by one process's executor, and die
/// with it.
final class WakeUpLine: Sendable {
    private struct Subscriber: Sendable {
        let process: SimulatedProcess
        let continuation: AsyncStream<String>.Continuation
    }
    /// In the order of subscription.
    private let subscribers = Mutex<[String: [Subscriber]]>([:])

    func add(_ channel: String, for process: SimulatedProcess) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(64))
        subscribers.withLock { subscribers in
            var present = subscribers[channel, default: []].filter(\.process.isAlive)
            present.append(Subscriber(process: process, continuation: continuation))
            subscribers[channel] = present
        }
        return stream
    }

    func deliver(_ channel: String, _ payload: String) {
        let present = subscribers.withLock { $0[channel] ?? [] }
        for subscriber in present where subscriber.process.isAlive && !subscriber.process.isCutOff {
            subscriber.continuation.yield(payload)
        }
    }
}

/// One process's end of the ``WakeUpLine``.
struct SimulatedNotifications: Notifications {
    let line: WakeUpLine
    let process: SimulatedProcess
    let random: RandomSource
    /// Of all posts, those that reach nobody.
    var lostShare = 0.0

    func post(_ channel: String, _ payload: String) async {
        guard !process.isCutOff, random.unit() >= lostShare else { return }
        let delay = Duration.microseconds(200) + .microseconds(1_300) * random.unit()
        process.simulation.after(delay) { [line] in line.deliver(channel, payload) }
    }

    func subscribe(_ channel: String) -> AsyncStream<String> { line.add(channel, for: process) }

    func run() async throws { for await _ in AsyncStream<Never>.makeStream().stream {} }
}
