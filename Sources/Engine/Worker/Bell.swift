/// A coalescing wake-up for one loop.
///
/// Consume it with one `for await`: cancelling a task that sits in `AsyncStream.next()` finishes the stream for good,
/// so it must never be raced against a timer. Timers ring the bell instead.
struct Bell: Sendable {
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func ring() { continuation.yield() }
    func finish() { continuation.finish() }
}
