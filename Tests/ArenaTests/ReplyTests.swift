import Database
import Engine
import Providers
import TestSupport
import Testing

@testable import Arena

@Suite struct `A reply` {
    @Test(arguments: DatabaseFixture.all)
    func `of a person moves the thread on and tells the post's owner`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let (posts, replies) = (lounge.arena.posts, lounge.arena.replies)
            let post = try await lounge.post()
            let one = try await replies.write("No.", to: post.id, by: lounge.bob)
            let first = try await posts.find(post.id, for: nil)
            let other = try await replies.write("Yes.", to: post.id, by: lounge.bob)
            let second = try await posts.find(post.id, for: nil)

            #expect(first.replyCount == 1)
            #expect(second.replyCount == 2)
            #expect(second.hot > post.hot)
            #expect(try #require(second.repliesUpdatedAt) > (try #require(first.repliesUpdatedAt)))
            #expect(
                try await lounge.count("select group_count from notifications where user_id = \(lounge.ada.id)") == 2)

            try await replies.remove(one.id, by: lounge.ada)
            try await replies.remove(other.id, by: lounge.bob)

            let last = try await posts.find(post.id, for: nil)
            #expect(last.replyCount == 0)
            #expect(try #require(last.repliesUpdatedAt) > (try #require(second.repliesUpdatedAt)))
            #expect(try await refusal { try await replies.remove(one.id, by: lounge.ada) } == .replyNotFound)
            #expect(try await lounge.count("select count(*) from replies where content = 'Yes.'") == 0)
        }
    }

    @Test(arguments: DatabaseFixture.all, [Post.Status.hidden, .deleted])
    func `can be taken away whatever has become of its post`(_ fixture: DatabaseFixture, _ status: Post.Status)
        async throws
    {
        try await Lounge.open(fixture) { lounge in
            let replies = lounge.arena.replies
            let post = try await lounge.post()
            let (own, other) = (
                try await replies.write("Mine.", to: post.id, by: lounge.bob),
                try await replies.write("Mine too.", to: post.id, by: lounge.bob)
            )
            try await lounge.database.transaction { transaction in
                _ = try transaction.execute("update posts set status = \(status) where id = \(post.id)")
            }

            #expect(try await refusal { try await replies.write("More.", to: post.id, by: lounge.bob) } != nil)
            try await replies.remove(own.id, by: lounge.bob)
            try await replies.remove(other.id, by: lounge.ada)

            #expect(try await lounge.count("select reply_count from posts where id = \(post.id)") == 0)
            #expect(try await lounge.count("select count(*) from replies where content = 'Mine.'") == 0)
            #expect(try await lounge.count("select count(*) from replies where status = 'VISIBLE'") == 0)
            #expect(try await refusal { try await replies.remove(own.id, by: lounge.bob) } == .replyNotFound)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `of a persona is written once, however often it is asked for`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture, { $0.replyQuota = 100 }) { lounge in
            let post = try await lounge.post(by: lounge.bob)
            let personas = try await (0..<3).asyncMap { try await lounge.persona("P\($0)").id }
            try await lounge.working {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            _ = try await lounge.arena.replies.generate(
                                for: post.id, by: number.isMultiple(of: 2) ? personas : personas.reversed(),
                                caller: lounge.ada, traceID: nil)
                        }
                    }
                    try await group.waitForAll()
                }
                try await lounge.wait("the replies") {
                    try await lounge.arena.posts.find(post.id, for: nil).replyCount == 3
                }
                let again = try await lounge.arena.replies.generate(
                    for: post.id, by: personas, caller: lounge.ada, traceID: nil)

                #expect(again.enqueued == 0)
                #expect(again.jobs.map(\.reason) == [.alreadyReplied, .alreadyReplied, .alreadyReplied])
            }
            #expect(lounge.model.prompts.count == 3)
            #expect(try await lounge.count("select count(*) from replies") == 3)
            #expect(try await lounge.count("select count(*) from operations") == 3)
            #expect(try await lounge.count("select cast(sum(spent) as bigint) from quota_uses") == 3)
            #expect(try await lounge.count("select cast(sum(reserved) as bigint) from quota_uses") == 0)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `of a persona is skipped with a reason`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture, { $0.replyQuota = 1 }) { lounge in
            let replies = lounge.arena.replies
            let (one, other) = (try await lounge.post(), try await lounge.post("Another"))
            let persona = try await lounge.persona()
            var pause = PersonaForm()
            pause.status = .paused
            let paused = try await lounge.arena.personas.change(lounge.persona("P").id, pause, of: lounge.ada)
            func reasons(_ post: Post, _ ids: [PersonaID]) async throws -> [GeneratedReplies.Reason?] {
                try await replies.generate(for: post.id, by: ids, caller: lounge.ada, traceID: nil).jobs.map(\.reason)
            }

            #expect(try await reasons(one, [persona.id]) == [nil])
            #expect(try await reasons(one, [persona.id]) == [.alreadyQueued])
            #expect(try await reasons(other, [persona.id]) == [.quotaExhausted])
            #expect(try await reasons(other, [paused.id]) == [.personaPaused])
            #expect(
                try await refusal { try await reasons(one, [lounge.persona(of: lounge.bob).id]) } == .personaNotFound)
            #expect(try await lounge.count("select count(*) from operations") == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is tried five times, then fails with a reason and gives its quota back`(_ fixture: DatabaseFixture)
        async throws
    {
        try await Lounge.open(fixture) { lounge in
            lounge.model.answer { _, _ in
                throw ProviderError(.rejected, "The provider rejected the request.", retry: .backoff)
            }
            let post = try await lounge.post()
            let persona = try await lounge.persona()
            try await lounge.working {
                let asked = try await lounge.arena.replies.generate(
                    for: post.id, by: [], caller: lounge.ada, traceID: "trace-7")
                let ended = try await lounge.ended(try #require(asked.jobs[0].operationID))

                #expect(ended.status == .failed)
                #expect(ended.error?.code == "provider.rejected")
                lounge.model.answer { prompt, number in Sample.answer(to: prompt, number) }
                let again = try await lounge.arena.replies.generate(
                    for: post.id, by: [persona.id], caller: lounge.ada, traceID: nil)
                #expect(try await lounge.ended(try #require(again.jobs[0].operationID)).status == .done)
            }
            #expect(lounge.model.prompts.count == 6)
            #expect(lounge.model.prompts[0].marker?.contains("trace-7") == true)
            #expect(try await lounge.arena.quotas.today(of: lounge.ada)[0].quotas.map(\.used) == [0, 1, 0])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `that an operator retries after its failure takes its quota again`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            lounge.model.answer { _, _ in throw ProviderError(.rejected, "No.", retry: .never) }
            let (post, persona) = (try await lounge.post(), try await lounge.persona())
            try await lounge.working {
                let asked = try await lounge.arena.replies.generate(
                    for: post.id, by: [persona.id], caller: lounge.ada, traceID: nil)
                let id = try #require(asked.jobs[0].operationID)
                #expect(try await lounge.ended(id).status == .failed)
                lounge.model.answer { prompt, number in Sample.answer(to: prompt, number) }
                let job = try #require(try await lounge.engine.jobsOfAllTenants(JobFilter()).first)
                try await lounge.engine.transaction { transaction, wakes in
                    try lounge.engine.retry(job.id, by: "operator", in: transaction, waking: wakes)
                }

                #expect(try await lounge.ended(id).status == .done)
            }
            #expect(try await lounge.arena.quotas.today(of: lounge.ada)[0].quotas.map(\.used) == [0, 1, 0])
        }
    }
}
