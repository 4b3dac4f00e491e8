import Database
import Engine
import Providers
import TestSupport
import Testing

@testable import Arena

@Suite struct `A thread's summary` {
    @Test(arguments: DatabaseFixture.all)
    func `is written once for each state, whoever reads, and by nobody for strangers`(_ fixture: DatabaseFixture)
        async throws
    {
        try await Lounge.open(fixture) { lounge in
            let post = try await lounge.post()
            func read(by member: Member? = nil) async throws -> ThreadSummary {
                try await lounge.arena.threads.read(post.id, PageRequest(), for: member, traceID: nil).summary
            }
            #expect(try await read(by: lounge.ada).state == .none)
            _ = try await lounge.arena.replies.write("No.", to: post.id, by: lounge.bob)
            try await lounge.working {
                for _ in 0..<5 { #expect(try await read().state == .generating) }
                #expect(try await lounge.count("select count(*) from jobs") == 0)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask { _ = try await read(by: number.isMultiple(of: 2) ? lounge.ada : lounge.bob) }
                    }
                    try await group.waitForAll()
                }
                try await lounge.wait("the summary") { try await read().state == .fresh }
                _ = try await read(by: lounge.ada)
            }
            #expect(lounge.model.prompts(named: "arena_summary").count == 1)
            #expect(try await lounge.count("select count(*) from jobs") == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is served stale meanwhile, and never says what was taken away`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let post = try await lounge.post()
            func read(by member: Member? = nil) async throws -> ThreadSummary {
                try await lounge.arena.threads.read(post.id, PageRequest(), for: member, traceID: nil).summary
            }
            let reply = try await lounge.arena.replies.write("A secret.", to: post.id, by: lounge.bob)
            try await lounge.working {
                _ = try await read(by: lounge.ada)
                try await lounge.wait("the summary") { try await read().state == .fresh }
                let first = try await read()
                _ = try await lounge.arena.replies.write("More.", to: post.id, by: lounge.bob)
                let stale = try await read()
                #expect(stale.state == .stale)
                #expect(stale.text == first.text)

                _ = try await read(by: lounge.ada)
                try await lounge.wait("the next summary") { try await read().state == .fresh }
                try await lounge.arena.replies.remove(reply.id, by: lounge.ada)
                #expect(try await read().text == nil)
            }
            #expect(lounge.model.prompts(named: "arena_summary").count == 2)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `that failed is not asked for again until the thread changes`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let post = try await lounge.post()
            func read() async throws -> ThreadSummary {
                try await lounge.arena.threads.read(post.id, PageRequest(), for: lounge.ada, traceID: nil).summary
            }
            lounge.model.answer { _, _ in throw ProviderError(.rejected, "No.", retry: .backoff) }
            _ = try await lounge.arena.replies.write("No.", to: post.id, by: lounge.bob)
            try await lounge.working {
                try await lounge.wait("the failure") { try await read().state == .failed }
                for _ in 0..<3 { _ = try await read() }
            }
            #expect(lounge.model.prompts.count == 2)
        }
    }
}

@Suite struct `A thread` {
    @Test(arguments: DatabaseFixture.all)
    func `has every reply on one page, whatever is written meanwhile`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let post = try await lounge.post()
            func write(_ text: String) async throws -> ReplyID {
                try await lounge.arena.replies.write(text, to: post.id, by: lounge.bob).id
            }
            let before = try await (0..<7).asyncMap { try await write("Before \($0)") }
            var seen: [ReplyID] = []
            var cursor: String?
            repeat {
                let page = try await lounge.arena.threads.read(
                    post.id, PageRequest(limit: 3, cursor: cursor), for: nil, traceID: nil)
                seen += page.replies.map(\.id)
                cursor = page.nextCursor
                if seen.count < 9 { _ = try await write("Meanwhile") }
            } while cursor != nil

            #expect(Set(seen).count == seen.count)
            #expect(Array(seen.prefix(7)) == before)
        }
    }
}
