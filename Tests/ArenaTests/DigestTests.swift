import Database
import Engine
import Foundation
import Logging
import ProductKit
import TestSupport
import Testing

@testable import Arena

@Suite struct `A digest` {
    @Test(arguments: DatabaseFixture.all)
    func `is made of what is stored, without a call`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let persona = try await lounge.persona()
            let post = try await lounge.post(by: lounge.bob)
            let digests = lounge.arena.digests
            #expect(try await digests.daily(persona.id, today: true, of: lounge.ada) == nil)
            try await lounge.working {
                _ = try await lounge.arena.replies.generate(
                    for: post.id, by: [persona.id], caller: lounge.ada, traceID: nil)
                try await lounge.wait("the reply") {
                    try await lounge.arena.posts.find(post.id, for: nil).replyCount == 1
                }
            }
            let calls = lounge.model.prompts.count
            let today = try await digests.daily(persona.id, today: true, of: lounge.ada)
            let weekly = try await digests.weekly(of: lounge.ada)

            #expect(today?.replies == 1)
            #expect(today?.topThreads.map(\.postID) == [post.id])
            #expect(try await digests.daily(persona.id, today: false, of: lounge.ada) == nil)
            #expect(try await digests.weekly(of: lounge.ada) == weekly)
            #expect(try await lounge.count("select count(*) from weekly_digests") == 1)
            #expect(lounge.model.prompts.count == calls)
        }
    }

    @Test func `is of whole weeks from Monday to Monday`() {
        // Saturday, 2026-11-21T22:20:00Z.
        let week = DigestPeriod.week(before: Timestamp(milliseconds: 1_795_299_600_000), zone: "UTC")

        #expect(week.name == "2026-11-09")
        #expect(week.begin.description == "2026-11-09T00:00:00.000Z")
        #expect(week.end.description == "2026-11-16T00:00:00.000Z")
    }
}

/// Digests that nobody opens are made all the same, for those who come back.
@Suite struct `A digest on schedule` {
    @Test(arguments: DatabaseFixture.all)
    func `is made in the morning of its owner's zone, once, without a call`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let now = try await lounge.database.read { try $0.instant() }
            let early = try await Lounge.person("early", in: lounge.arena, zone: Self.zone(whereItIs: 3, at: now))
            let noon = try await Lounge.person("noon", in: lounge.arena, zone: Self.zone(whereItIs: 12, at: now))
            for owner in [early, noon] { try await lounge.actedYesterday(owner, at: now) }
            let schedule = lounge.schedule
            var done = DigestSchedule.Done()

            // Days of noon; weeks of noon and, since they do not begin in the early hours, perhaps of the others.
            let asked = try await schedule.runOnce(beside: &done)
            #expect(try await schedule.runOnce(beside: &done) == 0)
            try await lounge.working {
                try await lounge.wait("the digests") {
                    try await lounge.count("select count(*) from jobs where kind like 'digest%' and state < 3") == 0
                }
            }

            #expect(try await lounge.count("select count(*) from daily_digests") == 1)
            #expect(
                try await lounge.count(
                    """
                    select count(*) from daily_digests d join personas p on p.id = d.persona_id
                     where p.user_id = \(noon.id)
                    """) == 1)
            let weeks = try await lounge.count("select count(*) from weekly_digests")
            #expect(weeks >= 1 && asked == weeks + 1)
            var another = DigestSchedule.Done()
            #expect(try await schedule.runOnce(beside: &another) == 0)
            #expect(lounge.model.prompts.isEmpty)
            let persona = try await lounge.arena.personas.list(of: noon)[0]
            let opened = try await lounge.arena.digests.daily(persona.id, today: false, of: noon)
            #expect(opened?.posts == 1)
            #expect(try await lounge.count("select count(*) from daily_digests") == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `costs nothing for people who stay away`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let now = try await lounge.database.read { try $0.instant() }
            let zone = Self.zone(whereItIs: 12, at: now)
            let gone = try await Lounge.person("gone", in: lounge.arena, zone: zone)
            try await lounge.actedYesterday(gone, at: now)
            let longAgo = now.adding(.zero - DigestSchedule.activeWithin - .seconds(60))
            try await lounge.database.transaction {
                try $0.execute("update session_refreshes set created_at = \(timestamp: longAgo.stored)")
            }
            var done = DigestSchedule.Done()

            #expect(try await lounge.schedule.runOnce(beside: &done) == 0)
            #expect(try await lounge.arena.digests.weekly(of: gone).items.isEmpty)
            #expect(try await lounge.count("select count(*) from weekly_digests") == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is asked for once by many processes`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let now = try await lounge.database.read { try $0.instant() }
            let zone = Self.zone(whereItIs: 12, at: now)
            for index in 0..<3 {
                let owner = try await Lounge.person("owner\(index)", in: lounge.arena, zone: zone)
                try await lounge.actedYesterday(owner, at: now)
            }
            let schedule = lounge.schedule

            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        var done = DigestSchedule.Done()
                        _ = try await schedule.runOnce(beside: &done)
                    }
                }
                try await group.waitForAll()
            }

            #expect(try await lounge.count("select count(*) from jobs where kind = 'digest_daily'") == 3)
            let owners = try await lounge.count(
                "select count(distinct unique_key) from jobs where kind = 'digest_weekly'")
            #expect(try await lounge.count("select count(*) from jobs where kind = 'digest_weekly'") == owners)
        }
    }

    @Test func `is due by the clocks of the zone, also when they change`() throws {
        // Clocks in Berlin go back at 03:00 on Sunday, 2026-10-25: seven o'clock UTC on the Saturday is nine there, on the
        // Sunday eight.
        func names(_ instant: String) throws -> [String] {
            let date = try Date.ISO8601FormatStyle().parse(instant)
            return DigestSchedule.due(in: "Europe/Berlin", at: Timestamp(date)).map { "\($0.length) \($0.period.name)" }
        }

        #expect(try names("2026-10-25T04:59:59Z") == ["week 2026-10-12"])
        #expect(try names("2026-10-25T05:00:00Z") == ["day 2026-10-24", "week 2026-10-12"])
        #expect(try names("2026-10-26T05:59:59Z") == ["day 2026-10-25"])
        #expect(try names("2026-10-26T06:00:00Z") == ["day 2026-10-25", "week 2026-10-19"])
    }

    /// A zone whose clocks show that hour.
    private static func zone(whereItIs hour: Int, at now: Timestamp) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let ahead = (hour - calendar.component(.hour, from: now.date) + 35) % 24 - 11
        // The signs of these names are those of the shift towards Greenwich.
        return ahead == 0 ? "Etc/GMT" : "Etc/GMT\(ahead > 0 ? "-" : "+")\(abs(ahead))"
    }
}

extension Lounge {
    fileprivate var schedule: DigestSchedule {
        DigestSchedule(
            engine: engine, supplies: arena.supplies,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A persona of theirs with a post of a day ago.
    fileprivate func actedYesterday(_ owner: Member, at now: Timestamp) async throws {
        let persona = try await persona(of: owner)
        let post = try await post(by: owner)
        let then = now.adding(.seconds(-86_400))
        try await database.transaction {
            try $0.execute(
                "update posts set persona_id = \(persona.id), created_at = \(timestamp: then.stored) where id = \(post.id)"
            )
        }
    }
}
