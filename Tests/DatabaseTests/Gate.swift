import Foundation
import Synchronization

/// Opens once. A synchronous body waits for it on its own thread, a task by suspending.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func open() {
        semaphore.signal()
        continuation.finish()
    }

    /// For one waiter, at most 10 s.
    func wait() { _ = semaphore.wait(timeout: .now() + 10) }

    func opened() async { for await _ in stream {} }
}
