import Database
import Engine
import TestSupport
import Testing

@testable import Arena

@Suite struct `A post` {
    @Test(arguments: DatabaseFixture.all)
    func `is a draft that nobody else sees until its owner approves`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let posts = lounge.arena.posts
            let persona = try await lounge.persona()
            try await lounge.working {
                let asked = try await posts.draft(
                    DraftForm(persona: persona.id, hint: "soup"), in: "kitchen", by: lounge.ada, traceID: "t1")
                let ended = try await lounge.ended(asked.id)
                let draft = try await posts.find(try #require(ended.resultPost), for: lounge.ada)

                #expect(ended.status == .done)
                #expect(draft.status == .draft)
                #expect(draft.authoredBy == .ai)
                #expect(try await refusal { try await posts.find(draft.id, for: lounge.bob) } == .postNotFound)
                #expect(try await refusal { try await posts.find(draft.id, for: nil) } == .postNotFound)
                #expect(try await posts.list(in: "kitchen", .new, PageRequest(), for: lounge.ada).items.isEmpty)
                #expect(try await posts.drafts(in: "kitchen", PageRequest(), of: lounge.ada).items == [draft])
                #expect(
                    try await refusal { try await posts.approve(draft.id, content: nil, by: lounge.bob) }
                        == .postNotFound)

                let post = try await posts.approve(draft.id, content: "Edited by hand.", by: lounge.ada)

                #expect(post.status == .published)
                #expect(post.authoredBy == .aiDraftApproved)
                #expect(post.content == "Edited by hand.")
                #expect(try await posts.list(in: "kitchen", .new, PageRequest(), for: nil).items == [post])
                #expect(
                    try await refusal { try await posts.approve(draft.id, content: nil, by: lounge.ada) }
                        == .postWrongState)
                #expect(
                    try await refusal { try await posts.edit(draft.id, content: "again", by: lounge.ada) }
                        == .postWrongState)
            }
            #expect(lounge.model.prompts.count == 1)
            #expect(lounge.model.prompts[0].value(of: "Wish") == "soup")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `of a person is public at once, and leaves nothing when it is deleted`(_ fixture: DatabaseFixture) async throws
    {
        try await Lounge.open(fixture) { lounge in
            let posts = lounge.arena.posts
            let post = try await lounge.post("First words")
            let edited = try await posts.edit(post.id, content: "Better words", by: lounge.ada)

            #expect(post.authoredBy == .human)
            #expect(edited.content == "Better words")
            #expect(try await refusal { try await posts.edit(post.id, content: "x", by: lounge.bob) } == .postNotFound)
            #expect(try await refusal { try await posts.delete(post.id, by: lounge.bob) } == .postNotFound)

            try await posts.delete(post.id, by: lounge.ada)

            #expect(try await refusal { try await posts.find(post.id, for: lounge.ada) } == .postNotFound)
            #expect(try await lounge.count("select count(*) from posts where content <> ''") == 0)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `stands on one page exactly, whatever is posted meanwhile`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let posts = lounge.arena.posts
            for order in [Posts.Order.new, .hot] {
                let before = try await (0..<7).asyncMap { try await lounge.post("Before \($0) \(order)").id }
                var seen: [PostID] = []
                var cursor: String?
                repeat {
                    let page = try await posts.list(
                        in: "kitchen", order, PageRequest(limit: 3, cursor: cursor), for: nil)
                    seen += page.items.map(\.id)
                    cursor = page.nextCursor
                    _ = try await lounge.post("Meanwhile")
                } while cursor != nil

                #expect(Set(seen).count == seen.count)
                #expect(Set(before).isSubset(of: seen))
            }
            let foreign = try await posts.list(in: "kitchen", .new, PageRequest(limit: 1), for: nil).nextCursor
            #expect(
                try await refusal {
                    try await posts.list(in: "kitchen", .hot, PageRequest(cursor: foreign), for: nil)
                } == .cursorInvalid)
            #expect(
                try await refusal { try await posts.list(in: "kitchen", .new, PageRequest(cursor: "é"), for: nil) }
                    == .cursorInvalid)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is not shown to whom its author is blocked by`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            _ = try await lounge.post(by: lounge.bob)
            let target = Blocks.Target(kind: .user, id: lounge.bob.id.rawValue)
            func seen() async throws -> Int {
                try await lounge.arena.posts.list(in: "kitchen", .new, PageRequest(), for: lounge.ada).items.count
            }

            #expect(try await seen() == 1)
            try await lounge.arena.blocks.add(target, by: lounge.ada)
            try await lounge.arena.blocks.add(target, by: lounge.ada)
            #expect(try await seen() == 0)
            try await lounge.arena.blocks.remove(target, by: lounge.ada)
            #expect(try await seen() == 1)
            #expect(try await refusal { try await lounge.arena.blocks.add(target, by: lounge.bob) } == .blockSelf)
        }
    }
}

@Suite struct `A preview` {
    @Test(arguments: DatabaseFixture.all)
    func `asks for two texts at once and publishes neither`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let persona = try await lounge.persona()
            // Each answer waits for the other's question: one after the other they would wait for ever.
            let both = Meeting(of: 2)
            lounge.model.answer { prompt, number in
                await both.arrive()
                return Sample.answer(to: prompt, number)
            }
            try await lounge.working {
                let asked = try await lounge.arena.personas.preview(
                    persona.id, in: nil, by: lounge.ada, traceID: nil)
                let ended = try await lounge.ended(asked.id)

                #expect(ended.status == .done)
                #expect(ended.texts.count == 2)
                #expect(!ended.isPartial)
            }
            #expect(lounge.model.prompts.count == 2)
            #expect(try await lounge.count("select count(*) from posts") == 0)
            #expect(try await lounge.arena.personas.previewQuota(persona.id, of: lounge.ada).used == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `shows the text that there is, and gives its quota back when there is none`(_ fixture: DatabaseFixture)
        async throws
    {
        try await Lounge.open(fixture) { lounge in
            let persona = try await lounge.persona()
            func preview() async throws -> ModelOperation {
                let asked = try await lounge.arena.personas.preview(
                    persona.id, in: nil, by: lounge.ada, traceID: nil)
                return try await lounge.ended(asked.id)
            }
            try await lounge.working {
                lounge.model.answer { prompt, number in
                    prompt.value(of: "Variant")?.hasPrefix("an opinion") == true
                        ? "no JSON" : Sample.answer(to: prompt, number)
                }
                let partial = try await preview()
                lounge.model.answer { _, _ in "no JSON" }
                let failed = try await preview()

                #expect(partial.status == .done)
                #expect(partial.isPartial)
                #expect(partial.texts.count == 1)
                #expect(failed.status == .failed)
                #expect(failed.error?.code == "writing.unusable")
            }
            #expect(try await lounge.arena.personas.previewQuota(persona.id, of: lounge.ada).used == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `can be called off, and is waited for no longer than patience lasts`(_ fixture: DatabaseFixture) async throws {
        try await Lounge.open(fixture) { lounge in
            let operations = lounge.arena.operations
            let persona = try await lounge.persona()
            let asked = try await lounge.arena.personas.preview(persona.id, in: nil, by: lounge.ada, traceID: nil)
            let waited = try await operations.wait(for: asked.id, of: lounge.ada, patience: .milliseconds(50))

            #expect(waited.status == .pending)
            #expect(try await refusal { try await operations.find(asked.id, of: lounge.bob) } == .operationNotFound)
            #expect(try await refusal { try await operations.cancel(asked.id, by: lounge.bob) } == .operationNotFound)
            #expect(try await operations.cancel(asked.id, by: lounge.ada).status == .cancelled)
            #expect(try await operations.cancel(asked.id, by: lounge.ada).status == .cancelled)
            #expect(try await lounge.arena.personas.previewQuota(persona.id, of: lounge.ada).used == 0)
        }
    }
}

/// Lets nobody on before all have come.
actor Meeting {
    private let size: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOver = false
    init(of size: Int) { self.size = size }

    func arrive() async {
        if isOver { return }
        if waiting.count + 1 == size {
            isOver = true
            for one in waiting { one.resume() }
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}
