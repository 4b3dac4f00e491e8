import Blog
import Database
import Engine
import Foundation
import ProductKit
import TestSupport
import Testing

@Suite struct `A submission` {
    @Test(arguments: DatabaseFixture.all)
    func `is stored, pending, and answered with its place`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let first = try await room.generations.submit(GenerationRequest(sourceId: "rye"), for: room.site)
            let second = try await room.generations.submit(GenerationRequest(sourceId: "oats"), for: room.site)

            #expect(first.status == .pending)
            #expect(!first.isRepetition)
            #expect(first.position == 0)
            #expect(second.position == 1)
            let detail = try await room.find(second.id)
            #expect(detail.summary.status == .pending)
            #expect(detail.summary.waiting?.reason == .noWorker)
            #expect(detail.request.sourceId == "oats")
            #expect(detail.timeline.map(\.text) == ["The request was accepted."])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `that is repeated with its key is answered as the first time`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let request = GenerationRequest(sourceId: "rye")
            let first = try await room.generations.submit(request, for: room.site, idempotencyKey: "k1")
            _ = try await room.submit()
            try await room.working { try await room.wait(for: first.id, .awaitingSelection) }

            let again = try await room.generations.submit(request, for: room.site, idempotencyKey: "k1")

            #expect(again.id == first.id)
            #expect(again.status == .pending)
            #expect(again.position == first.position)
            #expect(again.isRepetition)
            #expect(try await room.generations.list(GenerationFilter(), in: .allSites).items.count == 2)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `cannot reuse a key for something else, except as another site`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let request = GenerationRequest(sourceId: "rye")
            let first = try await room.generations.submit(request, for: room.site, idempotencyKey: "k1")
            var changed = request
            changed.words = 400

            let error = await #expect(throws: BlogError.self) {
                try await room.generations.submit(changed, for: room.site, idempotencyKey: "k1")
            }
            let elsewhere = try await room.generations.submit(changed, for: room.other, idempotencyKey: "k1")

            #expect(error?.code == .idempotencyMismatch)
            #expect(elsewhere.id != first.id)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `sent many times at once is one generation`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let ids = try await withThrowingTaskGroup(of: JobID.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await room.generations.submit(
                            GenerationRequest(sourceId: "rye"), for: room.site, idempotencyKey: "same"
                        ).id
                    }
                }
                return try await group.reduce(into: Set<JobID>()) { $0.insert($1) }
            }

            #expect(ids.count == 1)
            #expect(try await room.generations.list(GenerationFilter(), in: .allSites).items.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is refused with figures when the queue is full`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, limit: 2) { room in
            _ = try await room.submit()
            let kept = try await room.generations.submit(
                GenerationRequest(sourceId: "oats"), for: room.site, idempotencyKey: "k")

            let error = await #expect(throws: BlogError.self) { try await room.submit() }
            let again = try await room.generations.submit(
                GenerationRequest(sourceId: "oats"), for: room.site, idempotencyKey: "k")

            #expect(error?.code == .queueFull)
            #expect(error?.kind == .full)
            #expect(error?.congestion?.queueSize == 2)
            #expect((error?.congestion?.estimatedWaitMinutes ?? 0) >= 1)
            #expect((error?.congestion?.retryAfter ?? .zero) >= .seconds(1))
            #expect(again.id == kept.id, "what was accepted is answered even now")
            #expect(try await room.generations.list(GenerationFilter(), in: .allSites).items.count == 2)
        }
    }

    @Test(arguments: ["", "a b", "ü", String(repeating: "k", count: 256), "a\n"])
    func `has a key of visible characters`(_ key: String) async throws {
        try await Newsroom.open(.sqlite) { room in
            let error = await #expect(throws: BlogError.self) {
                try await room.generations.submit(GenerationRequest(sourceId: ""), for: room.site, idempotencyKey: key)
            }
            let stored = try await room.generations.list(GenerationFilter(), in: .allSites).items
            #expect(error?.problems.map(\.field) == ["sourceId", "Idempotency-Key"])
            #expect(stored.isEmpty)
        }
    }
}

@Suite struct `A list` {
    @Test(arguments: DatabaseFixture.all)
    func `is read page by page without gaps while more come in`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            var ids: [JobID] = []
            for number in 0..<7 { ids.append(try await room.submit { $0.sourceId = "subject \(number)" }) }
            _ = try await room.generations.submit(GenerationRequest(sourceId: "foreign"), for: room.other)
            var filter = GenerationFilter()
            filter.limit = 3
            var seen: [JobID] = []
            repeat {
                let page = try await room.generations.list(filter, in: .site(room.site))
                seen += page.items.map(\.id)
                filter.cursor = page.nextCursor
                _ = try await room.submit { $0.sourceId = "newer" }
            } while filter.cursor != nil

            #expect(seen == ids.reversed())
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is narrowed by status, source, text and time`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let keyword = try await room.submit { $0.sourceId = "100% Rye_Flour" }
            let product = try await room.submit {
                $0.sourceType = .product
                $0.sourceId = "basket"
            }
            _ = try await room.generations.cancel(product, in: .site(room.site), by: "test")
            func found(_ change: (inout GenerationFilter) -> Void) async throws -> [JobID] {
                var filter = GenerationFilter()
                change(&filter)
                return try await room.generations.list(filter, in: .site(room.site)).items.map(\.id)
            }

            #expect(try await found { $0.statuses = [.pending] } == [keyword])
            #expect(try await found { $0.statuses = [.cancelled, .failed] } == [product])
            #expect(try await found { $0.sourceType = .product } == [product])
            #expect(try await found { $0.text = "rye" } == [keyword])
            #expect(try await found { $0.text = "0% r" } == [keyword])
            #expect(try await found { $0.text = "%" } == [keyword])
            #expect(try await found { $0.text = "e_f" } == [keyword])
            #expect(try await found { $0.text = "ba_ket" } == [])
            #expect(try await found { $0.since = Timestamp(Date().addingTimeInterval(-600)) } == [product, keyword])
            #expect(try await found { $0.since = Timestamp(Date().addingTimeInterval(600)) } == [])
            #expect(try await room.generations.counts(in: .site(room.site)) == [.pending: 1, .cancelled: 1])
        }
    }

    @Test func `refuses a limit, a text or a cursor that makes no sense`() async throws {
        try await Newsroom.open(.sqlite) { room in
            var filter = GenerationFilter()
            (filter.limit, filter.text) = (101, "")
            let error = await #expect(throws: BlogError.self) { try await room.generations.list(filter, in: .allSites) }
            #expect(error?.problems.map(\.field) == ["limit", "text"])

            (filter.limit, filter.text, filter.cursor) = (10, nil, "drop table")
            let other = await #expect(throws: BlogError.self) { try await room.generations.list(filter, in: .allSites) }
            #expect(other?.code == .cursorInvalid)
        }
    }
}

@Suite struct `Another site's generation` {
    @Test(arguments: DatabaseFixture.all)
    func `looks as if it did not exist`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let id = try await room.submit()
            let scope = Scope.site(room.other)
            func code(_ verb: () async throws -> Void) async -> BlogError.Code? {
                do {
                    try await verb()
                    return nil
                } catch { return (error as? BlogError)?.code }
            }
            let generations = room.generations

            #expect(await code { _ = try await generations.find(id, in: scope) } == .generationNotFound)
            #expect(await code { _ = try await generations.timeline(of: id, in: scope) } == .generationNotFound)
            #expect(await code { _ = try await generations.image(of: id, in: scope) } == .generationNotFound)
            #expect(await code { _ = try await generations.cancel(id, in: scope, by: "x") } == .generationNotFound)
            #expect(await code { _ = try await generations.retry(id, in: scope, by: "x") } == .generationNotFound)
            #expect(
                await code {
                    _ = try await generations.select(.pick(index: 0, title: nil), for: id, in: scope, by: "x")
                }
                    == .generationNotFound)
            #expect(try await generations.list(GenerationFilter(), in: scope).items.isEmpty)
            #expect(try await generations.summaries(of: [id], in: scope).isEmpty)
            #expect(try await room.find(id).summary.status == .pending)
        }
    }
}
