import Database
import Engine
import Foundation
import Logging
import Providers
import Publishers
import TestSupport
import Testing

@testable import Blog

@Suite struct `Upkeep` {
    private func upkeep(_ room: Newsroom) -> BlogUpkeep {
        let publisher = room.publisher
        var upkeep = BlogUpkeep(
            engine: room.engine, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            publisher: { _ in publisher })
        upkeep.strayGrace = .zero
        return upkeep
    }

    private func run(_ sql: SQL, in room: Newsroom) async throws {
        try await room.engine.database.transaction { transaction in _ = try transaction.execute(sql) }
    }

    @Test(arguments: DatabaseFixture.all)
    func `resumes rows that were set back to pending by hand`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 1 }) { room in
            room.model.answer { prompt, _ in
                if prompt.schema?.name == "ideas" { return Sample.ideas() }
                throw ProviderError(.unavailable, "Down.", retry: .backoff)
            }
            let failed = try await room.finished { $0.autoSelect = true }
            #expect(failed.summary.status == .failed)
            #expect(try await upkeep(room).runOnce() == BlogUpkeep.Findings())

            try await run("update blog_generations set status = 'PENDING' where status = 'FAILED'", in: room)
            room.model.answer { prompt, _ in Sample.answer(to: prompt) }
            #expect(try await upkeep(room).runOnce().resumed == 1)
            #expect(try await upkeep(room).runOnce().resumed == 0)
            try await room.working { try await room.wait(for: failed.summary.id, .done) }

            let done = try await room.find(failed.summary.id)
            #expect(done.summary.error == nil)
            #expect(room.model.prompts(named: "ideas").count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `begins a row anew whose job is gone`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let id = try await room.submit { $0.autoSelect = true }
            _ = try await room.generations.cancel(id, in: .allSites, by: "test")
            try await run("delete from jobs where id = \(id)", in: room)
            try await run("update blog_generations set status = 'PENDING' where id = \(id)", in: room)

            #expect(try await upkeep(room).runOnce().resumed == 1)
            try await room.working { try await room.wait(for: id, .done) }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `says again what is true of a row whose job needs no help`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let done = try await room.finished { $0.autoSelect = true }
            try await run("update blog_generations set status = 'PENDING' where id = \(done.summary.id)", in: room)

            #expect(try await upkeep(room).runOnce().resumed == 0)

            #expect(try await room.find(done.summary.id).summary.status == .done)
            #expect(room.publisher.entries.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `removes drafts of ours that are not the recorded one`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.publisher.beforeDraft { number in
                if number == 1 { throw PublisherError(.unreachable, "The line broke.", retry: .backoff) }
            }
            let done = try await room.finished { $0.autoSelect = true }
            let entry = try #require(room.publisher.entries[done.draftId ?? ""])
            let stray = room.publisher.plant(marker: entry.marker, entry.post)
            let foreign = room.publisher.plant(marker: "someone else's", entry.post)

            #expect(try await upkeep(room).runOnce().straysRemoved == 1)
            #expect(try await upkeep(room).runOnce().straysRemoved == 0)

            #expect(Set(room.publisher.entries.keys) == [done.draftId, foreign])
            #expect(stray != done.draftId)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `asks a site once for all its strays, and one that is away holds up no other`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Newsroom.open(fixture) { room in
            for _ in 0..<3 { _ = try await room.finished { $0.autoSelect = true } }
            var request = GenerationRequest(sourceId: "roses")
            request.autoSelect = true
            let other = try await room.generations.submit(request, for: room.other).id
            try await room.working {
                for _ in 0..<1_500 where try await room.generations.find(other, in: .allSites).summary.status != .done {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            try await run("update blog_generations set stray_check = 1", in: room)
            let away = FakePublisher()
            away.failSearches(with: PublisherError(.unreachable, "It is away.", retry: .backoff))
            let (here, hidden) = (room.publisher, room.site.instanceID)
            var upkeep = BlogUpkeep(
                engine: room.engine, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                publisher: { $0 == hidden ? away : here })
            upkeep.strayGrace = .zero
            func left() async throws -> [String] {
                try await room.engine.database.read { transaction in
                    try transaction.values(
                        "select instance_id from blog_generations where stray_check = 1 order by id", as: String.self)
                }
            }

            _ = try await upkeep.sweepStrays(limit: 2)
            #expect(try await left().count == 4)
            _ = try await upkeep.sweepStrays(limit: 2)
            #expect(try await left() == [hidden, hidden, hidden])
            #expect(here.searches == 1)
            #expect(away.searches == 2)
            _ = try await upkeep.sweepStrays(limit: 2)
            #expect(away.searches == 2, "they are looked at again later, not in each round")

            away.failSearches(with: nil)
            try await run("update blog_generations set stray_due = 0", in: room)
            _ = try await upkeep.sweepStrays()
            #expect(away.searches == 3)
            #expect(try await left().isEmpty)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `looks at no site that is paused`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            _ = try await room.finished { $0.autoSelect = true }
            try await run("update blog_generations set stray_check = 1", in: room)
            try await room.engine.transaction { transaction, _ in
                try room.engine.hold(room.site.tenant, in: transaction)
            }
            _ = try await upkeep(room).sweepStrays()
            #expect(room.publisher.searches == 0)

            try await room.engine.transaction { try room.engine.resume(room.site.tenant, in: $0, waking: $1) }
            _ = try await upkeep(room).sweepStrays()
            #expect(room.publisher.searches == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `removes the draft of a generation that failed before it was recorded`(_ fixture: DatabaseFixture) async throws
    {
        try await Newsroom.open(fixture, { $0.attemptsMax = 1 }) { room in
            let id = try await room.submit { $0.autoSelect = true }
            let lose = Failpoints { name in
                if name == "draft.received" { throw StepFailure(code: "test", message: "lost", retry: .never) }
            }
            try await room.working(failpoints: lose) { try await room.wait(for: id, .failed) }
            #expect(room.publisher.entries.count == 1)

            #expect(try await upkeep(room).runOnce().straysRemoved == 1)
            #expect(room.publisher.entries.isEmpty)
        }
    }
}

@Suite struct `Old queries` {
    @Test func `of health answer on PostgreSQL`() async throws {
        try await Newsroom.open(.postgres) { room in
            _ = try await room.finished { $0.autoSelect = true }
            _ = try await room.submit()
            let counts = try await room.engine.database.read { transaction in
                let pending: Int? = try transaction.value(
                    "select count(*) from blog_generations where status='PENDING'")
                let finished: Int? = try transaction.value(
                    "select count(*) from blog_generations where finished_at > now() - interval '1 hour' and status='DONE'"
                )
                let recent: Int? = try transaction.value(
                    "select count(*) from blog_generations where created_at > now() - interval '1 hour' and error is null"
                )
                return [pending, finished, recent]
            }
            #expect(counts == [1, 1, 2])
        }
    }

    @Test func `of health answer on SQLite`() async throws {
        try await Newsroom.open(.sqlite) { room in
            _ = try await room.finished { $0.autoSelect = true }
            _ = try await room.submit()
            let counts = try await room.engine.database.read { transaction in
                let pending: Int? = try transaction.value(
                    "select count(*) from blog_generations where status='PENDING'")
                let finished: Int? = try transaction.value(
                    "select count(*) from blog_generations where finished_at > datetime('now', '-1 hour') and status='DONE'"
                )
                return [pending, finished]
            }
            #expect(counts == [1, 1])
        }
    }
}

/// An index that no query uses costs every write and helps nobody.
@Suite struct `Every index of a generation` {
    static let uses: [(String, SQL)] = [
        ("idx_blog_generations_pending", "select count(*) from blog_generations where status = 'PENDING'"),
        (
            "idx_blog_generations_orphaned",
            "select id from blog_generations where status = 'PENDING' and is_live = 0 order by id limit 100"
        ),
        (
            "idx_blog_generations_stray_due",
            """
            select id from blog_generations
             where stray_check = 1 and is_live = 0 and stray_due <= 1 order by stray_due, id limit 20
            """
        ),
        (
            "idx_blog_generations_finished",
            """
            select count(*) from blog_generations
             where finished_at > \(postgres: "now() - interval '1 hour'", sqlite: "datetime('now', '-1 hour')")
            """
        ),
    ]

    @Test(arguments: DatabaseFixture.all)
    func `is used by the query it is for`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            try await fill(room)
            var filter = GenerationFilter()
            let listing = try filter.query(.site(room.other))
            filter.statuses = [.failed]
            let byStatus = try filter.query(.site(room.other))
            let all =
                Self.uses + [
                    ("idx_blog_generations_instance", listing), ("idx_blog_generations_instance_status", byStatus),
                ]
            for (index, query) in all {
                let plan = try await plan(query, in: room)
                #expect(
                    plan.contains("\(index) ") || plan.contains("\(index)\n") || plan.hasSuffix(index),
                    "\(index): \(plan)")
            }
        }
    }

    private func plan(_ query: SQL, in room: Newsroom) async throws -> String {
        try await room.engine.database.read { transaction in
            var lines: [String] = []
            try transaction.forEach("\(postgres: "explain", sqlite: "explain query plan") \(query)") { row in
                lines.append(try transaction.dialect == .postgres ? row[0] : row[3])
            }
            return lines.joined(separator: "\n")
        }
    }

    /// Enough rows for a planner to care: mostly done, a few in each state that somebody looks for.
    private func fill(_ room: Newsroom) async throws {
        try await room.engine.database.transaction { transaction in
            try transaction.execute(
                """
                insert into blog_generations (id, tenant_id, instance_id, source_type, source_id, status, request,
                                              is_live, stray_check, created_at, updated_at, finished_at)
                with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 4000)
                select n, case when n % 50 = 0 then \(room.other.tenant) else \(room.site.tenant) end,
                       case when n % 50 = 0 then \(room.other.instanceID) else \(room.site.instanceID) end, 'keyword', 'x',
                       case when n % 400 = 0 then 'FAILED' when n % 400 = 1 then 'PENDING' else 'DONE' end, '{}', 0,
                       case when n % 1000 = 0 then 1 else 0 end, \(timestamp: 1_700_000_000_000),
                       \(timestamp: 1_700_000_000_000), \(timestamp: 1_700_000_000_000)
                  from numbers
                """)
        }
        try await room.engine.database.transaction { transaction in try transaction.script("analyze blog_generations") }
    }
}
