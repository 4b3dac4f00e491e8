import Database
import DatabasePostgres
import TestSupport
import Testing

@testable import Database

@Suite struct `A pool` {
    typealias State = PoolState<Int, String>

    @Test func `opens up to its maximum, then lets callers wait in order`() {
        var state = State(limits: PoolLimits(connectionsMax: 2, waitingMax: 2))
        #expect(opens(state.lease()) && opens(state.lease()))
        #expect(waits(state.queue("first", id: id(of: state.lease()))))
        #expect(waits(state.queue("second", id: id(of: state.lease()))))
        guard case .refuse = state.lease() else { return #expect(Bool(false), "a third was let in") }

        #expect(receiver(state.giveBack(1)) == "first")
        #expect(receiver(state.giveBack(2)) == "second")
        guard case .keep = state.giveBack(1) else { return #expect(Bool(false), "nobody waited") }
        #expect(state.statistics == PoolStatistics(open: 2, idle: 1, waiting: 0, max: 2))
    }

    @Test func `uses the connection that was used last`() {
        var state = State(limits: PoolLimits(connectionsMax: 3))
        for _ in 1...3 { _ = state.lease() }
        for member in 1...3 { _ = state.giveBack(member) }
        guard case .use(3) = state.lease() else { return #expect(Bool(false), "it took an older one") }
    }

    @Test func `gives a waiter that came too late what is free`() {
        var state = State(limits: PoolLimits(connectionsMax: 1))
        _ = state.lease()
        let id = id(of: state.lease())
        _ = state.giveBack(1)
        guard case .use(1) = state.queue("late", id: id) else {
            return #expect(Bool(false), "it waits beside a free one")
        }
    }

    @Test func `closes what stayed idle between two trims, down to its minimum`() {
        var state = State(limits: PoolLimits(connectionsMin: 1, connectionsMax: 4))
        for _ in 1...4 { _ = state.lease() }
        for member in 1...4 { _ = state.giveBack(member) }
        #expect(state.trim().isEmpty)
        _ = state.lease()
        _ = state.giveBack(4)

        #expect(state.trim() == [1, 2, 3])
        #expect(state.trim().isEmpty)
        #expect(state.statistics.open == 1)
    }

    @Test func `forgets a waiter that left`() {
        var state = State(limits: PoolLimits(connectionsMax: 1))
        _ = state.lease()
        let id = id(of: state.lease())
        _ = state.queue("gone", id: id)
        #expect(state.leave(id: id) == "gone")
        #expect(state.leave(id: id) == nil)
        guard case .keep = state.giveBack(1) else { return #expect(Bool(false), "somebody still waited") }
    }

    @Test func `lets nobody in after it was closed`() {
        var state = State(limits: PoolLimits(connectionsMax: 2))
        _ = state.lease()
        _ = state.lease()
        _ = state.giveBack(1)
        let (members, waiters) = state.close()
        #expect(members == [1] && waiters.isEmpty)
        guard case .closed = state.lease() else { return #expect(Bool(false), "it was let in") }
        guard case .close(2) = state.giveBack(2) else { return #expect(Bool(false), "it was kept") }
        #expect(state.statistics.open == 0)
    }

    @Test func `that is exhausted says so in time, and recovers`() async throws {
        try await DatabaseSchema.with { configuration in
            var configuration = configuration
            configuration.pool = PoolLimits(connectionsMax: 2, wait: .milliseconds(200))
            let database = try PostgresDatabase(configuration)
            let release = [Gate(), Gate()], held = [Gate(), Gate()]
            async let first: Void = database.transaction { _ in
                held[0].open()
                release[0].wait()
            }
            async let second: Void = database.transaction { _ in
                held[1].open()
                release[1].wait()
            }
            for gate in held { await gate.opened() }

            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let error = await #expect(throws: DatabaseError.self) {
                            try await database.transaction { _ in }
                        }
                        #expect(error?.code == "database.pool_exhausted")
                        #expect(error?.hint?.contains("DB_POOL_MAX") == true)
                    }
                }
            }
            async let patient: Void = database.transaction { _ in }
            for gate in release { gate.open() }
            try await first
            try await second
            try await patient
            #expect(database.statistics == PoolStatistics(open: 2, idle: 2, waiting: 0, max: 2))
            await database.close()
        }
    }

    @Test func `lets a waiter that is cancelled go at once`() async throws {
        try await DatabaseSchema.with { configuration in
            var configuration = configuration
            configuration.pool = PoolLimits(connectionsMax: 1, wait: .seconds(30))
            let database = try PostgresDatabase(configuration)
            let held = Gate(), release = Gate()
            async let holding: Void = database.transaction { _ in
                held.open()
                release.wait()
            }
            await held.opened()
            let waiting = Task { try await database.transaction { _ in } }
            waiting.cancel()

            await #expect(throws: CancellationError.self) { try await waiting.value }
            release.open()
            try await holding
            #expect(database.statistics.waiting == 0)
            await database.close()
        }
    }

    private func opens(_ lease: State.Lease) -> Bool { if case .open = lease { true } else { false } }
    private func waits(_ lease: State.Lease) -> Bool { if case .wait = lease { true } else { false } }
    private func id(of lease: State.Lease) -> Int { if case .wait(let id) = lease { id } else { -1 } }
    private func receiver(_ back: State.Return) -> String? {
        if case .handOver(let waiter, _) = back { waiter } else { nil }
    }
}
