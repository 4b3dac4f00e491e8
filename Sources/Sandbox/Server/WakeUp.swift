/// A doorbell: many may ring, one waits, and rings that come together count once.
final class WakeUp: Sendable {
    private let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func signal() { bell.yield() }

    /// Returns after the next ring, or when the task is cancelled.
    func wait() async {
        for await _ in rings { return }
    }
}
