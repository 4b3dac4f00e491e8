import Database
import Engine
import TestSupport
import Testing

@testable import Arena

@Suite struct `A feed` {
    @Test(arguments: DatabaseFixture.all)
    func `puts what one follows before one's rooms, and says why`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let carol = try await Lounge.person("carol", in: lounge.arena)
            let persona = try await lounge.persona("Voice", of: lounge.bob)
            _ = try await lounge.arena.personas.publishProfile(persona.id, ProfileForm(), of: lounge.bob)
            _ = try await lounge.arena.follows.follow("voice", by: lounge.ada)
            _ = try await lounge.arena.posts.write(PostForm(content: "Mine"), in: "kitchen", by: lounge.ada)
            try await lounge.working {
                let draft = try await lounge.arena.posts.draft(
                    DraftForm(persona: persona.id), in: "culture", by: lounge.bob, traceID: nil)
                let id = try #require(try await lounge.ended(draft.id, of: lounge.bob).resultPost)
                _ = try await lounge.arena.posts.approve(id, content: "Followed", by: lounge.bob)
            }
            _ = try await lounge.arena.posts.write(PostForm(content: "Elsewhere"), in: "technology", by: carol)
            _ = try await lounge.arena.posts.write(PostForm(content: "In my room"), in: "kitchen", by: carol)

            let feed = try await lounge.arena.feed.read(PageRequest(), of: lounge.ada).items
            #expect(feed.map(\.post.content) == ["Followed", "In my room", "Elsewhere"])
            #expect(feed.map(\.reasons) == [[.followed], [.room], [.trending]])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `has exact pages across its reasons`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            _ = try await lounge.post("Mine")
            for number in 0..<11 {
                _ = try await lounge.arena.posts.write(
                    PostForm(content: "P\(number)"), in: number.isMultiple(of: 2) ? "kitchen" : "culture",
                    by: lounge.bob)
            }
            var seen: [String] = []
            var cursor: String?
            repeat {
                let page = try await lounge.arena.feed.read(PageRequest(limit: 3, cursor: cursor), of: lounge.ada)
                seen += page.items.map(\.post.content)
                cursor = page.nextCursor
            } while cursor != nil

            #expect(seen.count == 11)
            #expect(Set(seen).count == 11)
            #expect(seen.prefix(6).allSatisfy { Int($0.dropFirst())?.isMultiple(of: 2) == true })
        }
    }

    @Test func `asks the database once for many that come together`() async throws {
        let (cache, reads) = (FeedCache(), Meeting(of: 2))
        let key = FeedCache.Key(user: UserID(rawValue: "u"), cursor: nil, limit: 20)
        let counter = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    _ = try await cache.value(for: key, on: ContinuousClock()) {
                        await counter.count()
                        await reads.arrive()
                        return Page(items: [])
                    }
                }
            }
            while await counter.value == 0 { await Task.yield() }
            await reads.arrive()
            try await group.waitForAll()
        }

        #expect(await counter.value == 1)
    }

    @Test func `does not keep a failure`() async throws {
        let cache = FeedCache()
        let key = FeedCache.Key(user: UserID(rawValue: "u"), cursor: nil, limit: 20)
        await #expect(throws: CancellationError.self) {
            try await cache.value(for: key, on: ContinuousClock()) { throw CancellationError() }
        }

        #expect(try await cache.value(for: key, on: ContinuousClock()) { Page(items: []) }.items.isEmpty)
    }
}

@Suite struct `Trending` {
    @Test(arguments: DatabaseFixture.all)
    func `is by engagement of others, not of the author`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let (old, new) = (try await lounge.post("Old"), try await lounge.post("New"))
            _ = try await lounge.arena.replies.write("Me too!", to: new.id, by: lounge.ada)
            let untouched = try await lounge.arena.feed.trending(days: 7, in: nil, PageRequest()).items
            let shared = try ReportedEvent.read(
                Array(#"{"event_name": "battle_shared", "metadata": {"battle_id": "\#(old.id)"}}"#.utf8))
            for _ in 0..<3 { try await lounge.arena.events.report(shared, by: lounge.bob.participant) }
            let engaged = try await lounge.arena.feed.trending(days: 7, in: "kitchen", PageRequest()).items

            #expect(untouched.map(\.content) == ["New", "Old"])
            #expect(engaged.map(\.content) == ["Old", "New"])
            // One share, however often it is reported: 45,000 · log10(4).
            #expect((27_092...27_093).contains(engaged[0].hot - old.hot))
            #expect(try await lounge.count("select count(*) from events where event_name = 'battle_shared'") == 1)
        }
    }
}

@Suite struct `An event` {
    @Test(arguments: [
        #"{"event_name": "battle_voted"}"#, #"{"event_name": "remix_completed"}"#, #"{"event_name": "post_approved"}"#,
    ])
    func `of the server is refused from outside`(_ body: String) {
        let error = #expect(throws: ArenaError.self) { try ReportedEvent.read(Array(body.utf8)) }

        #expect(error?.code == .eventServerOnly)
    }

    @Test func `keeps allow-listed members alone`() throws {
        let event = try ReportedEvent.read(
            Array(
                #"{"event_name": "battle_shared", "metadata": {"content": "private", "channel": "mail", "x": [1]}}"#
                    .utf8))

        #expect(event.metadata == ["channel": "mail"])
    }
}

@Suite struct `A notification` {
    @Test(arguments: DatabaseFixture.all)
    func `groups what is alike until it is read`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let notifications = lounge.arena.notifications
            let post = try await lounge.post()
            for text in ["One", "Two", "Three"] {
                _ = try await lounge.arena.replies.write(text, to: post.id, by: lounge.bob)
            }
            _ = try await lounge.arena.replies.write("My own", to: post.id, by: lounge.ada)
            let page = try await notifications.list(PageRequest(), onlyUnread: false, of: lounge.ada)

            #expect(page.notifications.map(\.title) == ["Your post has 3 new replies"])
            #expect(page.unreadCount == 1)
            let id = page.notifications[0].id
            #expect(try await refusal { try await notifications.read(id, by: lounge.bob) } == .notificationNotFound)
            #expect(try await notifications.read(id, by: lounge.ada) == 0)
            _ = try await lounge.arena.replies.write("Four", to: post.id, by: lounge.bob)
            let next = try await notifications.list(PageRequest(), onlyUnread: true, of: lounge.ada)
            #expect(next.notifications.map(\.title) == ["Your post has a new reply"])
            #expect(try await notifications.readAll(by: lounge.ada) == 1)
            try await lounge.arena.blocks.add(.init(kind: .user, id: lounge.bob.id.rawValue), by: lounge.ada)
            _ = try await lounge.arena.replies.write("Five", to: post.id, by: lounge.bob)
            let blocked = try await notifications.list(PageRequest(), onlyUnread: true, of: lounge.ada)
            #expect(blocked.notifications.isEmpty)
        }
    }
}

@Suite struct `A report` {
    @Test(arguments: DatabaseFixture.all)
    func `is decided by a moderator, once, and leaves a trace`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let reports = lounge.arena.reports
            let post = try await lounge.post("Spam", by: lounge.bob)
            let form = try ReportForm.read(
                Array(#"{"target_kind": "post", "target_id": "\#(post.id)", "category": "spam"}"#.utf8))
            let report = try await reports.submit(form, by: lounge.ada)
            #expect(try await reports.submit(form, by: lounge.ada).id == report.id)
            #expect(try await refusal { try await reports.open(PageRequest(), for: lounge.ada) } == .roleInsufficient)

            try await lounge.arena.accounts.grant(.moderator, to: "ada@example.org")
            let moderator = try await lounge.arena.accounts.authenticate(
                lounge.arena.accounts.signIn(SignIn(email: "ada@example.org", password: Lounge.password)).token)
            #expect(try await reports.open(PageRequest(), for: moderator).items.map(\.id) == [report.id])
            for _ in 0..<2 {
                #expect(try await reports.resolve(report.id, .hide, reason: "Spam.", by: moderator).state == "resolved")
            }

            #expect(try await refusal { try await lounge.arena.posts.find(post.id, for: nil) } == .postNotFound)
            #expect(try await lounge.arena.posts.find(post.id, for: lounge.bob).status == .hidden)
            #expect(try await lounge.count("select count(*) from moderation_actions") == 1)
            #expect(try await refusal { try await lounge.arena.events.summary(for: moderator) } == .roleInsufficient)
        }
    }
}

@Suite struct `A reply that two take away` {
    /// Its author and a moderator, at the same moment: whoever comes second finds nothing to count.
    @Test(arguments: DatabaseFixture.all)
    func `is counted once`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let (reports, replies) = (lounge.arena.reports, lounge.arena.replies)
            let moderator = Member(
                id: lounge.ada.id, tenant: lounge.ada.tenant, role: .moderator, timeZone: "UTC",
                session: lounge.ada.session)
            let post = try await lounge.post()
            _ = try await replies.write("This one stays.", to: post.id, by: lounge.bob)
            for number in 0..<10 {
                let reply = try await replies.write("Spam \(number)", to: post.id, by: lounge.bob)
                let form = try ReportForm.read(
                    Array(#"{"target_kind": "reply", "target_id": "\#(reply.id)", "category": "spam"}"#.utf8))
                let report = try await reports.submit(form, by: lounge.ada)
                async let taken = refusal { try await replies.remove(reply.id, by: lounge.bob) }
                async let hidden = reports.resolve(report.id, .hide, reason: "Spam.", by: moderator)
                #expect([nil, .replyNotFound].contains(try await taken))
                #expect(try await hidden.state == "resolved")
            }

            #expect(try await lounge.arena.posts.find(post.id, for: nil).replyCount == 1)
            #expect(try await lounge.count("select count(*) from replies where status = 'VISIBLE'") == 1)
        }
    }
}

@Suite struct `Analytics` {
    @Test(arguments: DatabaseFixture.all)
    func `counts events and distinct people of each stage`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let one = try await (lounge.persona("One"), lounge.persona("Two")).0
            var guest = SignUp(email: "eve@example.org", password: "12345678", displayName: "Eve", timeZone: "UTC")
            guest.shareSlug = "one"
            _ = try await lounge.arena.accounts.signUp(guest)
            _ = try await lounge.arena.personas.preview(one.id, in: nil, by: lounge.ada, traceID: nil)
            try await lounge.arena.accounts.grant(.admin, to: "ada@example.org")
            let admin = try await lounge.arena.accounts.authenticate(
                lounge.arena.accounts.signIn(SignIn(email: "ada@example.org", password: Lounge.password)).token)
            let summary = try await lounge.arena.events.summary(for: admin)

            #expect(
                summary.last24H == ["persona_created": 2, "preview_generated": 1, "signup_from_share": 1])
            #expect(summary.funnel7D.first { $0.event == "persona_created" }?.actors == 1)
        }
    }
}

actor Tally {
    private(set) var value = 0
    func count() { value += 1 }
}
