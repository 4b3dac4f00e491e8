import Database
import Synchronization

/// Writers that count what the database told them.
final class Load: Sendable {
    private struct State {
        var next = 0
        var stored: Set<Int> = []
        var refused: Set<Int> = []
        var inDoubt: Set<Int> = []
        var stopped = false
    }
    private let database: any Database
    private let state = Mutex(State())

    init(_ database: any Database) { self.database = database }

    var stored: Set<Int> { state.withLock { $0.stored } }
    var refused: Set<Int> { state.withLock { $0.refused } }
    var inDoubt: Set<Int> { state.withLock { $0.inDoubt } }

    func stop() { state.withLock { $0.stopped = true } }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<6 { group.addTask { await self.write() } }
        }
    }

    private func write() async {
        while let id = nextID() {
            do {
                try await database.transaction { try $0.execute("insert into notes (id) values (\(id))") }
                state.withLock { _ = $0.stored.insert(id) }
            } catch let error as DatabaseError where error.kind == .ambiguousCommit {
                state.withLock { _ = $0.inDoubt.insert(id) }
            } catch {
                state.withLock { _ = $0.refused.insert(id) }
            }
        }
    }

    private func nextID() -> Int? {
        state.withLock { state in
            state.next += 1
            return state.stopped ? nil : state.next
        }
    }
}
