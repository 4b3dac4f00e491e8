import Synchronization

/// Hands on together what comes in one by one: all that has come while a batch was worked on is the next batch.
///
/// Nothing waits for company: an item that comes alone is a batch of one. While nobody runs it, each item goes its own way
/// at once.
///
/// When the work of a whole batch fails, whoever has come meanwhile is told the same at once: each would else wait as long
/// again for a database that has just not answered.
public final class Batcher<Item: Sendable, Answer: Sendable>: Sendable {
    /// One result for each item, in order. What it throws is the answer to all of them.
    public typealias Work = @Sendable ([Item]) async throws -> [Result<Answer, any Error>]
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
        let alone = try await work([item])
        return try alone[0].get()
    }

    /// Works on batches, one after the other, until it is cancelled; to be called once. Whoever still waits then goes its
    /// own way.
    public func run() async {
        state.withLock { $0.isRunning = true }
        for await _ in bell {
            while let batch = take() {
                do {
                    let answers = try await work(batch.map(\.item))
                    precondition(answers.count == batch.count, "every item has an answer")
                    for (place, answer) in zip(batch, answers) { place.waiter.resume(returning: answer) }
                } catch {
                    // Our own end is nobody's failure.
                    let told: Result<Answer, any Error>? = error is CancellationError ? nil : .failure(error)
                    for place in batch + takeAll() { place.waiter.resume(returning: told) }
                }
            }
        }
        for place in takeAll(ending: true) { place.waiter.resume(returning: nil) }
    }

    private func takeAll(ending: Bool = false) -> [(item: Item, waiter: Waiter)] {
        state.withLock { state in
            if ending { state.isRunning = false }
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private func take() -> [(item: Item, waiter: Waiter)]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            defer { state.waiting.removeFirst(min(sizeMax, state.waiting.count)) }
            return Array(state.waiting.prefix(sizeMax))
        }
    }
}
