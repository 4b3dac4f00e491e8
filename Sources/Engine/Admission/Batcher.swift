import Synchronization

/// Hands on together what comes in one by one: all that has come while a batch was worked on is the next batch.
///
/// Nothing waits for company: an item that comes alone is a batch of one. While nobody runs it, each item goes its own way
/// at once.
public final class Batcher<Item: Sendable, Answer: Sendable>: Sendable {
    /// One result for each item, in order.
    public typealias Work = @Sendable ([Item]) async -> [Result<Answer, any Error>]
    private typealias Waiter = UnsafeContinuation<Result<Answer, any Error>?, Never>

    private struct State {
        var isRunning = false
        var waiting: [(item: Item, waiter: Waiter)] = []
    }
    private let state = Mutex(State())
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation
    private let sizeMax: Int
    private let work: Work

    /// - Parameter sizeMax: items in a batch, at most.
    public init(upTo sizeMax: Int, _ work: @escaping Work) {
        self.sizeMax = sizeMax
        self.work = work
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Waits for the item's answer. Cancelling the caller does not take the item back.
    public func answer(to item: Item) async throws -> Answer {
        let answer = await withUnsafeContinuation { (waiter: Waiter) in
            let isTaken = state.withLock { state in
                if state.isRunning { state.waiting.append((item, waiter)) }
                return state.isRunning
            }
            if isTaken { ring.yield() } else { waiter.resume(returning: nil) }
        }
        if let answer { return try answer.get() }
        let alone = await work([item])
        return try alone[0].get()
    }

    /// Works on batches, one after the other, until it is cancelled; to be called once. Whoever still waits then goes its
    /// own way.
    public func run() async {
        state.withLock { $0.isRunning = true }
        for await _ in bell {
            while let batch = take() {
                let answers = await work(batch.map(\.item))
                precondition(answers.count == batch.count, "every item has an answer")
                for (place, answer) in zip(batch, answers) { place.waiter.resume(returning: answer) }
            }
        }
        let left = state.withLock { state in
            state.isRunning = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for place in left { place.waiter.resume(returning: nil) }
    }

    private func take() -> [(item: Item, waiter: Waiter)]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            defer { state.waiting.removeFirst(min(sizeMax, state.waiting.count)) }
            return Array(state.waiting.prefix(sizeMax))
        }
    }
}
