import Engine
import Synchronization
import Testing

@Suite struct `A batcher` {
    /// What the batches were.
    private final class Log: Sendable {
        private let batches = Mutex<[[Int]]>([])
        var all: [[Int]] { batches.withLock { $0 } }
        func note(_ batch: [Int]) { batches.withLock { $0.append(batch) } }
    }
    private struct Odd: Error {}

    private func batcher(_ log: Log, upTo sizeMax: Int, gate: AsyncStream<Void>? = nil) -> Batcher<Int, Int> {
        Batcher(upTo: sizeMax) { items in
            log.note(items)
            if let gate, items == [0] { for await _ in gate { break } }
            return items.map { $0 == 13 ? .failure(Odd()) : .success($0 * 2) }
        }
    }

    @Test
    func `works at once on what comes while nobody runs it`() async throws {
        let log = Log()
        let batcher = batcher(log, upTo: 10)
        #expect(try await batcher.answer(to: 4) == 8)
        await #expect(throws: Odd.self) { try await batcher.answer(to: 13) }
        #expect(log.all == [[4], [13]])
    }

    @Test
    func `gathers what comes while it works, each answered for itself`() async throws {
        let log = Log()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let batcher = batcher(log, upTo: 8, gate: gate)
        try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
            let runner = Task { await batcher.run() }
            group.addTask { (0, try await batcher.answer(to: 0)) }
            while log.all.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            for item in 1...20 {
                group.addTask {
                    do { return (item, try await batcher.answer(to: item)) } catch is Odd { return (item, nil) }
                }
            }
            // They wait behind the first, which waits for us.
            try await Task.sleep(for: .milliseconds(50))
            #expect(log.all == [[0]])
            open.yield()
            for try await (item, answer) in group { #expect(answer == (item == 13 ? nil : item * 2)) }
            runner.cancel()
        }
        #expect(log.all.count <= 5, "twenty items in batches of eight, and the first")
        #expect(log.all.allSatisfy { $0.count <= 8 })
        #expect(log.all.flatMap(\.self).sorted() == Array(0...20), "each once")
    }

    @Test
    func `tells whoever waits at once when a whole batch fails`() async throws {
        let log = Log()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let batcher = Batcher<Int, Int>(upTo: 4) { items in
            log.note(items)
            for await _ in gate { break }
            throw Odd()
        }
        await withTaskGroup(of: Bool.self) { group in
            let runner = Task { await batcher.run() }
            for item in 0..<20 {
                group.addTask {
                    do {
                        _ = try await batcher.answer(to: item)
                        return false
                    } catch { return error is Odd }
                }
            }
            while log.all.isEmpty { await Task.yield() }
            // The others have had the time to come behind the first.
            try? await Task.sleep(for: .milliseconds(50))
            open.yield()
            for await isTold in group { #expect(isTold) }
            runner.cancel()
        }
        #expect(log.all.count == 1, "nobody waits for a second failure")
    }

    @Test
    func `lets nobody wait who comes while it is cancelled`() async throws {
        for _ in 0..<50 {
            let log = Log()
            let batcher = batcher(log, upTo: 4)
            let runner = Task { await batcher.run() }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for item in 100..<120 { group.addTask { try await batcher.answer(to: item) } }
                runner.cancel()
                var answers: [Int] = []
                for try await answer in group { answers.append(answer) }
                #expect(answers.sorted() == (100..<120).map { $0 * 2 })
            }
            await runner.value
        }
    }
}
