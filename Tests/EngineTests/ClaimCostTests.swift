import Database
import DatabasePostgres
@testable import Engine
import Foundation
import Logging
import TestSupport
import Testing

/// What a claim touches must not grow with the queue. The queue here is small; a million jobs over ten thousand tenants,
/// and half a million claims, by `PRESSROOM_SCALE_JOBS=1000000 Scripts/postgres with swift test --filter ClaimCost`.
@Suite(.serialized) struct ClaimCostTests {
    static let queued = ProcessInfo.processInfo.environment["PRESSROOM_SCALE_JOBS"].flatMap { Int($0) } ?? 20_000
    static let tenants = max(40, queued / 100)
    static let batch = 100

    /// A queue on a PostgreSQL of its own, seen through one connection.
    struct Queue {
        let engine: Engine
        let database: PostgresDatabase
        let pool: PoolID
        private let configuration: EngineConfiguration

        static func with(_ body: (Queue, PostgresConfiguration) async throws -> Void) async throws {
            try await DatabaseSchema.with { given in
                var configuration = given
                configuration.settings.merge(PostgresConfiguration.queueSettings) { own, _ in own }
                configuration.settings["synchronous_commit"] = "off"
                configuration.pool = PoolLimits(connectionsMax: 1, wait: .seconds(60))
                configuration.statementLimit = .seconds(600)
                configuration.idleInTransactionLimit = .seconds(600)
                let database = try PostgresDatabase(configuration)
                do {
                    try await Migrator(database, [EngineMigrations.source]).up()
                    var free = PoolDefinition("free")
                    free.credit = 2
                    var engine = EngineConfiguration(
                        database: database, notifications: LocalNotifications(), workflows: [Errand()], pools: [free],
                        random: RandomSource(EngineChance(seed: 1)),
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                    engine.limits.queueSizeMax = .max
                    let opened = try await Engine.open(engine)
                    let queue = Queue(
                        engine: opened, database: database, pool: try opened.pools.entry("free").id,
                        configuration: engine)
                    try await body(queue, configuration)
                } catch {
                    await database.close()
                    throw error
                }
                await database.close()
            }
        }

        /// Half of the jobs are the first tenant's, the others' have as many each. Another process, as it were, claims
        /// them: one that remembers nothing of the queue before.
        func filled(with jobs: Int, over tenants: Int) async throws -> Queue {
            try await fill(jobs, over: tenants)
            return Queue(
                engine: try await Engine.open(configuration), database: database, pool: pool,
                configuration: configuration)
        }

        private func fill(_ jobs: Int, over tenants: Int) async throws {
            let input = String(
                decoding: try JSONEncoder().encode(Errand.Input([.run("first", pool: "free", cost: 1)])), as: UTF8.self)
            try await database.transaction { transaction in
                try transaction.script("truncate jobs, steps, job_events, lane_deltas, lanes, tenants cascade")
                try transaction.script(
                    "insert into pools (id, name, limited) values (1, 'free', 0) on conflict do nothing")
                try transaction.execute("update pools set vt = 0, vt_at = 0")
                try transaction.execute(
                    """
                    insert into tenants (id, name, created_at)
                    select i, 't' || i, 0 from generate_series(1, cast(\(tenants) as bigint)) i
                    """)
                try transaction.execute(
                    """
                    insert into lanes (id, pool_id, tenant_id, has_work, backlog_count, backlog_cost)
                    select id, \(pool), id, 1, \(jobs), \(Double(jobs)) from tenants
                    """)
                try transaction.execute(
                    """
                    insert into jobs (id, tenant_id, kind, state, lane_id, step, rank, cost, input, created_at, since_at)
                    select g, lane, 'errand', 0, lane, 'first', 0, 1, \(input), 0, 0
                      from (select g, case when g % 2 = 0 or \(tenants) = 1 then 1
                                           else 2 + (g / 2) % (cast(\(tenants) as bigint) - 1) end as lane
                              from generate_series(1, cast(\(jobs) as bigint)) g) as numbered
                    """)
                for table in ["jobs", "lanes", "tenants"] {
                    try transaction.execute("select set_config('test.command', 'analyze ' || \(table), true)")
                    try transaction.script("do $$ begin execute current_setting('test.command'); end $$")
                }
            }
        }

        /// Claims and records this many jobs, as workers do.
        func live(through jobs: Int) async throws {
            var done: [DoneStep] = []
            var count = 0
            while count < jobs {
                let (recorded, claim) = try await engine.recordAndClaim(
                    done, of: pool, upTo: done.isEmpty ? batch : 0, atMost: batch, lease: .seconds(600),
                    failpoints: .none)
                try #require(recorded.count == done.count)
                try #require(!claim.steps.isEmpty || claim.isContended || claim.mayHaveMore)
                done = claim.steps.map { DoneStep(step: $0, recording: .nothing) }
                count += done.count
            }
        }

        /// Blocks of the tables and their indexes, touched by a claim of a hundred: the mean of some.
        func blocksOfClaims(_ count: Int) async throws -> Double {
            var blocks: [Double] = []
            for _ in 0..<2 * count where blocks.count < count {
                let before = try await touched()
                let claim = try await engine.claim(pool, upTo: batch, lease: .seconds(600))
                // One that finds less than it was asked for is no measure.
                if claim.steps.count == batch { blocks.append(try await touched() - before) }
            }
            try #require(blocks.count == count)
            return blocks.reduce(0, +) / Double(count)
        }

        private func touched() async throws -> Double {
            try await database.transaction {
                _ = try $0.value("select 1 from pg_stat_force_next_flush()", as: Int.self)
            }
            return try await database.transaction { transaction in
                try transaction.value(
                    """
                    select cast(sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))
                                as double precision)
                      from pg_statio_user_tables where schemaname = current_schema()
                    """) ?? 0
            }
        }

        private var batch: Int { ClaimCostTests.batch }
    }

    /// A thousand jobs, a claim of which looks like one of the large queue: twenty lanes, five jobs of each.
    static func small(_ queue: Queue) async throws -> Double {
        try await queue.filled(with: 1000, over: 20).blocksOfClaims(3)
    }

    static func report(_ name: String, _ blocks: Double, against small: Double) {
        print(
            "claim of 100, \(queued) queued over \(tenants) tenants, \(name): \(Int(blocks)) blocks,",
            "with 1,000 queued: \(Int(small)), ratio \((blocks / small * 100).rounded() / 100)")
    }

    /// Holds a snapshot open while the body runs, as a long report on the same server would.
    static func withLongTransaction(
        _ configuration: PostgresConfiguration, _ body: () async throws -> Void
    ) async throws {
        let other = try PostgresDatabase(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled when the body is done, which is what ends the statement.
                try? await other.transaction { _ = try $0.value("select 1 from pg_sleep(3600)", as: Int.self) }
            }
            do { try await body() } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
        await other.close()
    }

    @Test func `does not grow with the queue, nor with what was claimed before`() async throws {
        try await Queue.with { empty, _ in
            let small = try await Self.small(empty)
            let queue = try await empty.filled(with: Self.queued, over: Self.tenants)
            let fresh = try await queue.blocksOfClaims(20)
            Self.report("fresh", fresh, against: small)
            #expect(fresh <= 1.5 * small)

            try await queue.live(through: Self.queued / 2)

            let later = try await queue.blocksOfClaims(20)
            Self.report("after \(Self.queued / 2) claims", later, against: small)
            #expect(later <= 1.5 * small)
        }
    }

    @Test func `does not grow while a long transaction keeps everything dead alive`() async throws {
        try await Queue.with { empty, configuration in
            let small = try await Self.small(empty)
            let queue = try await empty.filled(with: Self.queued, over: Self.tenants)
            try await Self.withLongTransaction(configuration) {
                try await queue.live(through: Self.queued / 2)
                let blocks = try await queue.blocksOfClaims(20)
                Self.report("long transaction, after \(Self.queued / 2) claims", blocks, against: small)
                #expect(blocks <= 1.5 * small)
            }
        }
    }

    @Test func `does not grow in one tenant's hot lane under a long transaction`() async throws {
        try await Queue.with { empty, configuration in
            let small = try await empty.filled(with: 1000, over: 1).blocksOfClaims(3)
            let queue = try await empty.filled(with: Self.queued, over: 1)
            try await Self.withLongTransaction(configuration) {
                try await queue.live(through: Self.queued / 2)
                let blocks = try await queue.blocksOfClaims(20)
                Self.report("one lane, long transaction, after \(Self.queued / 2) claims", blocks, against: small)
                #expect(blocks <= 1.5 * small)
            }
        }
    }

    @Test func `does not grow when half of the tenants are paused or at their caps`() async throws {
        try await Queue.with { empty, _ in
            let small = try await Self.small(empty)
            let queue = try await empty.filled(with: Self.queued, over: Self.tenants)
            try await queue.database.transaction { transaction in
                try transaction.execute("update lanes set held = 1 where id % 4 = 0")
                try transaction.execute("update lanes set parked = 2, cap = 1, running = 1 where id % 4 = 2")
            }
            let blocks = try await queue.blocksOfClaims(20)
            Self.report("half of the tenants paused or capped", blocks, against: small)
            #expect(blocks <= 1.5 * small)
        }
    }
}
