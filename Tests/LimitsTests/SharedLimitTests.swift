import Database
import Limits
import Synchronization
import TestSupport
import Testing

@Suite struct `Two replicas and a limit of 120 a minute` {
    /// How many of a hundred requests go to the first.
    static let mixes = [0, 1, 10, 50, 90, 99, 100]

    @Test(arguments: DatabaseFixture.all, mixes) func `let 115 to 130 through, whatever the mix`(
        _ fixture: DatabaseFixture, _ mix: Int
    ) async throws {
        try await fixture.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(on: database) { replicas in
                let admitted = await replicas.admitted(of: 1_000) { $0 % 100 < mix ? 0 : 1 }

                let total = admitted.reduce(0, +)
                #expect((115...120).contains(total), "\(admitted)")
                #expect(admitted.allSatisfy { $0 <= 120 })
            }
        }
    }

    @Test(arguments: DatabaseFixture.all) func `do so one request at a time, too`(_ fixture: DatabaseFixture)
        async throws
    {
        try await fixture.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(on: database) { replicas in
                let admitted = await replicas.admitted(of: 400, width: 1)

                #expect((115...120).contains(admitted.reduce(0, +)), "\(admitted)")
            }
        }
    }

    @Test(arguments: DatabaseFixture.all) func `ask the database at most 49 times each in a flood of 12,000`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(on: database) { replicas in
                let admitted = await replicas.admitted(of: 12_000, width: 20)

                #expect((115...120).contains(admitted.reduce(0, +)))
                for database in replicas.databases { #expect(database.transactions <= 49) }
            }
        }
    }

    @Test(arguments: DatabaseFixture.all) func `ask at most once for five requests of a single caller`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(1, on: database) { replicas in
                let admitted = await replicas.admitted(of: 100, width: 1, choosing: { _ in 0 })

                #expect(admitted == [100])
                #expect(replicas.databases[0].transactions <= 21)
            }
        }
    }

    @Test(arguments: DatabaseFixture.all) func `share trips among many callers, and mix none of them up`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(on: database) { replicas in
                let sums = await withTaskGroup(of: Int.self) { group in
                    for user in 0..<100 {
                        group.addTask {
                            await replicas.admitted(of: 40, width: 4, subject: .user("\(user)"), under: .battles)
                                .reduce(0, +)
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }

                #expect(sums.allSatisfy { $0 == 20 }, "\(sums.filter { $0 != 20 })")
                let trips = replicas.databases.map(\.transactions).reduce(0, +)
                #expect(trips < 2_000, "\(trips) trips for 2,000 that were let through")
            }
        }
    }

    @Test(arguments: DatabaseFixture.all) func `let the limit through again a minute later`(_ fixture: DatabaseFixture)
        async throws
    {
        try await fixture.withMovableLimits { database, advance in
            let clock = MovableClock()
            try await Replicas.with(on: database, clock: clock) { replicas in
                let first = await replicas.admitted(of: 400).reduce(0, +)
                clock.advance(by: .seconds(30))
                try await advance(.seconds(30))
                let between = await replicas.admitted(of: 400).reduce(0, +)
                clock.advance(by: .seconds(31))
                try await advance(.seconds(31))
                let second = await replicas.admitted(of: 400).reduce(0, +)

                #expect((115...120).contains(first))
                #expect(first + between <= 120)
                #expect((115...125).contains(second))
            }
        }
    }

    @Test(arguments: DatabaseFixture.all) func `say what is left and when more comes`(_ fixture: DatabaseFixture)
        async throws
    {
        try await fixture.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(1, on: database) { replicas in
                let limiter = replicas.limiters[0]

                let first = await limiter.admit(.user("1"), under: .templates)
                for _ in 0..<9 { _ = await limiter.admit(.user("1"), under: .templates) }
                let refused = await limiter.admit(.user("1"), under: .templates)

                #expect(first.isAdmitted)
                #expect(first.remaining == 9)
                #expect(!refused.isAdmitted)
                #expect(refused.remaining == 0)
                #expect(refused.resetAfter > .seconds(30) && refused.resetAfter <= .seconds(60))
            }
        }
    }

    @Test(arguments: DatabaseFixture.all) func `leave no rows behind`(_ fixture: DatabaseFixture) async throws {
        try await fixture.withMovableLimits { database, advance in
            let clock = MovableClock()
            try await Replicas.with(1, on: database, clock: clock) { replicas in
                _ = await replicas.admitted(of: 50, width: 1, choosing: { _ in 0 })
                clock.advance(by: .seconds(300))
                try await advance(.seconds(300))
                _ = await replicas.limiters[0].admit(.user("2"), under: .publicRead)
                // The sweep follows the answer.
                for _ in 0..<500 {
                    let rows: [String] = try await database.read { try $0.values("select id from rate_limits") }
                    if rows == ["public_read user:2"] { return }
                    try await Task.sleep(for: .milliseconds(10))
                }
                Issue.record("the row of a window long past is still there")
            }
        }
    }
}

@Suite struct `Without its database a replica` {
    @Test(arguments: DatabaseFixture.all, [CountedDatabase.Mood.away, .silent]) func `keeps to the limit alone`(
        _ fixture: DatabaseFixture, _ mood: CountedDatabase.Mood
    ) async throws {
        try await fixture.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(on: database, settings: RateLimiter.Settings()) { replicas in
                let before = await replicas.admitted(of: 20)
                for database in replicas.databases { database.become(mood) }

                let after = await replicas.admitted(of: 2_000)

                for (first, second) in zip(before, after) {
                    #expect(first + second <= 120)
                    #expect(first + second >= 55, "it goes on letting people in")
                }
                for database in replicas.databases { database.become(.well) }
            }
        }
    }

    @Test(arguments: [CountedDatabase.Mood.away, .silent]) func `shares again when it is back`(
        _ mood: CountedDatabase.Mood
    ) async throws {
        try await DatabaseFixture.sqlite.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(on: database, settings: RateLimiter.Settings()) { replicas in
                for database in replicas.databases { database.become(mood) }
                _ = await replicas.admitted(of: 10)
                for database in replicas.databases { database.become(.well) }

                // The next try comes after a second.
                for _ in 0..<500 where try await rows(database) < 3 {
                    _ = await replicas.admitted(of: 2, subject: .user("a"))
                    _ = await replicas.admitted(of: 2, subject: .user("b"))
                    try await Task.sleep(for: .milliseconds(20))
                }

                #expect(try await rows(database) >= 3)
            }
        }
    }

    private func rows(_ database: any Database) async throws -> Int {
        try await database.read { try $0.value("select count(*) from rate_limits") } ?? 0
    }

    @Test func `does not keep a request that is gone`() async throws {
        try await DatabaseFixture.sqlite.withDatabase(LimitMigrations.source) { database in
            try await Replicas.with(1, on: database) { replicas in
                replicas.databases[0].become(.silent)
                let request = Task { await replicas.limiters[0].admit(.user("1"), under: .publicRead) }
                try await Task.sleep(for: .milliseconds(50))

                request.cancel()

                #expect(await request.value.isAdmitted)
                replicas.databases[0].become(.well)
            }
        }
    }
}
