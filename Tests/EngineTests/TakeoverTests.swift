import Database
import DatabasePostgres
@testable import Engine
import TestSupport
import Testing

@Suite struct `The steps of a killed worker` {
    @Test(arguments: DatabaseFixture.every)
    func `are done by another when their lease has run out`(_ fixture: DatabaseFixture) async throws {
        let workflow = `A worker`.endless
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let id = try await bench.enqueue(for: bench.tenant())
            try await bench.withWorker({ $0.lease = .seconds(2) }) { _ in
                try await eventually { try await bench.state(id) == .running }
            }
            #expect(try await bench.state(id) == .running)  // it was killed, so nothing was written
            // Nobody is to know by other means than the lease that it is gone.
            try await bench.database.transaction { try $0.execute("delete from workers") }

            let next = try await bench.another { $0.workflows = [Errand()] }
            try await bench.withWorker(on: next) { _ in
                try await eventually { try await bench.state(id) == .succeeded }
            }

            #expect(try await bench.events(id).contains(.rescued))
        }
    }

    @Test(arguments: [DatabaseFixture.memory, .sqlite])
    func `are done at once on SQLite, where only one process runs workers`(_ fixture: DatabaseFixture) async throws {
        let workflow = `A worker`.endless
        try await fixture.withRunningEngine({ $0.workflows = [workflow] }) { bench in
            let id = try await bench.enqueue(for: bench.tenant())
            try await bench.withWorker({ $0.lease = .seconds(600) }) { _ in
                try await eventually { try await bench.state(id) == .running }
            }

            let next = try await bench.another { $0.workflows = [Errand()] }
            try await bench.withWorker(on: next) { _ in
                try await eventually { try await bench.state(id) == .succeeded }
            }
        }
    }

    @Test func `are done within moments on PostgreSQL once its session is gone`() async throws {
        try await DatabaseFixture.withTwoProcesses { processes in
            let (first, second) = (processes[0], processes[1])
            let bench = first.engine
            let id = try await bench.transaction { transaction, wakes in
                let tenant = try bench.ensureTenant(named: "acme", in: transaction)
                return try bench.enqueue(
                    Errand.Input([.run("first", pool: "free", cost: 1)]), as: Errand.self, for: tenant.id,
                    in: transaction, waking: wakes)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await second.session.run() }
                try await withThrowingTaskGroup(of: Void.self) { doomed in
                    doomed.addTask { try await first.session.run() }
                    try await eventually { first.session.heldLock != nil }
                    try await bench.announceWorker(name: "doomed", version: "1", slots: 1)
                    #expect(try await bench.noteSession())
                    let pool = try bench.pools.entry("free").id
                    #expect(try await bench.claim(pool, upTo: 1, lease: .seconds(600)).steps.count == 1)
                    #expect(try await second.engine.absentWorkers().isEmpty)
                    doomed.cancelAll()
                    // The end of its session is not an error; what else it throws is.
                    do { try await doomed.waitForAll() } catch is CancellationError {}
                }

                try await Worker.run(on: second.engine, { $0.rescueEvery = .milliseconds(500) }) { _ in
                    let waited = try await eventually { try await bench.job(id)?.state == .succeeded }
                    print("taken over within", waited)
                }
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
            #expect(try await bench.events(of: id).contains { $0.kind == .rescued })
        }
    }

    @Test func `are not taken from a worker whose session lives`() async throws {
        try await DatabaseFixture.withTwoProcesses { processes in
            let first = processes[0]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for process in processes { group.addTask { try await process.session.run() } }
                try await eventually { processes.allSatisfy { $0.session.heldLock != nil } }
                try await first.engine.announceWorker(name: "alive", version: "1", slots: 1)
                #expect(try await first.engine.noteSession())

                let row = try await first.engine.database.read {
                    try $0.value("select server_started from workers", as: String.self)
                }
                #expect(row?.isEmpty == false)
                #expect(try await processes[1].engine.absentWorkers().isEmpty)
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
        }
    }
}
