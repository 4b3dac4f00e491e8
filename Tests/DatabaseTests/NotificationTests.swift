import Database
import DatabasePostgres
import TestSupport
import Testing

@Suite struct `A wake-up` {
    @Test func `reaches every subscriber of its channel in the process`() async throws {
        let notifications = LocalNotifications()
        var first = notifications.subscribe("jobs").makeAsyncIterator()
        var second = notifications.subscribe("jobs").makeAsyncIterator()
        var other = notifications.subscribe("events").makeAsyncIterator()
        await notifications.post("jobs", "pool 1")
        await notifications.post("events", "42")

        #expect(await first.next() == "pool 1")
        #expect(await second.next() == "pool 1")
        #expect(await other.next() == "42")
    }

    @Test func `is dropped, the oldest first, for a reader that does not read`() async throws {
        let notifications = LocalNotifications()
        var stream = notifications.subscribe("jobs").makeAsyncIterator()
        for number in 1...1000 { await notifications.post("jobs", "\(number)") }

        let first = try #require(Int(await stream.next() ?? ""))
        #expect(first > 900)
    }

    @Test func `travels between connections, and equal ones travel once`() async throws {
        try await DatabaseSchema.with { configuration in
            try await running(configuration, configuration) { here, there in
                var heard = there.subscribe("test_jobs").makeAsyncIterator()
                #expect(await heard.next() == "")  // it listens now
                for _ in 0..<100 { await here.post("test_jobs", "same") }
                await here.post("test_jobs", "grüße \"$1\" ☕️")

                var received: [String] = []
                while let payload = await heard.next() {
                    received.append(payload)
                    if payload != "same" { break }
                }
                #expect(received.last == "grüße \"$1\" ☕️")
                #expect(received.count <= 20)
            }
        }
    }

    @Test func `holder keeps a session lock that others can see, and only one has it`() async throws {
        try await DatabaseSchema.with { configuration in
            let lock = SessionLock(classID: 7, objectID: .random(in: 1...Int32.max))
            let database = try PostgresDatabase(configuration)
            try await running(configuration, configuration) { first, second in
                first.hold(lock)
                try await until { first.heldLock == lock }
                second.hold(lock)
                let seen = try await database.read { tx in
                    try tx.value(
                        """
                        select count(*) from pg_locks where locktype = 'advisory' and classid = 7
                           and objid = \(Int(lock.objectID)) and objsubid = 2 and granted
                        """, as: Int.self)
                }
                #expect(seen == 1)
                #expect(second.heldLock == nil)

                first.hold(nil)
                try await until { second.heldLock == lock }
                #expect(first.heldLock == nil)
            }
            await database.close()
        }
    }

    private func running(
        _ first: PostgresConfiguration, _ second: PostgresConfiguration,
        _ body: (PostgresNotifications, PostgresNotifications) async throws -> Void
    ) async throws {
        let here = try PostgresNotifications(first), there = try PostgresNotifications(second)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await here.run() }
            group.addTask { try await there.run() }
            try await body(here, there)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(!here.isConnected && !there.isConnected)
    }
}

/// Waits, looking every few milliseconds, at most ten seconds.
func until(_ condition: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(10)
    while clock.now < deadline {
        if try await condition() { return }
        try await clock.sleep(for: .milliseconds(5))
    }
    Issue.record("waited ten seconds in vain")
}
