import Database
import Engine
import Foundation
import ProductKit
import Providers
import Publishers
import Synchronization
import TestSupport
import Testing

@testable import Blog

/// Whole lives with a real worker, on both databases.
@Suite struct `A generation` {
    @Test(arguments: DatabaseFixture.all)
    func `goes from a keyword to a draft with its picture`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let id = try await room.submit { $0.words = 600 }
            try await room.working {
                let waiting = try await room.wait(for: id, .awaitingSelection)
                #expect(waiting.ideas.map(\.title) == (0..<5).map { "Idea \($0)" })
                #expect(waiting.summary.waiting?.reason == .awaitingSelection)
                _ = try await room.generations.select(
                    .pick(index: 3, title: "My Title"), for: id, in: .site(room.site), by: "owner")
                try await room.wait(for: id, .done)
            }
            let done = try await room.find(id)

            #expect(done.summary.title == "Bread that Rises")
            #expect(done.summary.slug == "bread-that-rises")
            #expect(done.summary.imageState == .ready)
            #expect(done.summary.progressPercent == 100)
            #expect(done.summary.finishedAt != nil)
            #expect(done.selection == .pick(index: 3, title: "My Title"))
            #expect(room.model.prompts(named: "article")[0].messages.last?.text.value(of: "Title") == "My Title")
            #expect(done.image?.sizeBytes == FakeImages.bytes.count)
            #expect(try await room.generations.image(of: id, in: .site(room.site))?.bytes == FakeImages.bytes)

            let entry = try #require(room.publisher.entries[done.draftId ?? ""])
            #expect(entry.marker == id.description)
            #expect(!entry.isPublished)
            #expect(entry.post.author == "The Bakery")
            #expect(entry.post.image?.altText == "A loaf")
            #expect(entry.post.origin == .model("large-2026-11-01"))
            #expect(done.summary.url == "https://site.test/drafts/\(done.draftId ?? "")")
            #expect(
                done.timeline.map(\.text) == [
                    "The request was accepted.", "Looking for five ideas.", "Five ideas were found.",
                    "Waiting for somebody to choose an idea.", "The ideas were answered.", "Writing the article.",
                    "The article was written.", "Ordering the picture.", "The picture was ordered.",
                    "Making the draft.",
                    "The draft was made.", "Done.",
                ])
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is paid for in the ledger, by the prices of its models`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.cost.inputTokens == 1_000)
            #expect(done.cost.outputTokens == 2_000)
            // 500·0.1 + 1000·0.5 + 500·2 + 1000·10 millionths of a dollar, and 3,000 for the picture.
            #expect(done.cost.microdollars == 550 + 11_000 + 3_000)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is written by another account where it would wait too long for the first`(
        _ fixture: DatabaseFixture
    ) async throws {
        var limits = BlogLimits.generous
        limits.modelRequestsPerMinute = 1
        limits.fallback = BlogLimits.Fallback(
            requestsPerMinute: 6_000, tokensPerMinute: 6_000_000, after: .seconds(2))
        try await Newsroom.open(fixture, limits: limits) { room in
            let ids = try await (0..<3).asyncMap { _ in try await room.submit { $0.autoSelect = true } }
            try await room.working { for id in ids { try await room.wait(for: id, .done) } }

            #expect(room.model.prompts.count + room.otherModel.prompts.count == 6)
            #expect(room.otherModel.prompts.count >= 4, "one call a minute is the first account's")
            #expect(Set(room.otherModel.prompts.map(\.model)).isSubset(of: ["small", "large-elsewhere"]))
            #expect(room.otherModel.prompts.contains { $0.model == "large-elsewhere" })
            let timelines = try await ids.asyncMap { try await room.generations.timeline(of: $0, in: .allSites) }
            #expect(timelines.joined().contains { $0.kind == "rerouted" })
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is not failed by another account that takes no key of ours`(_ fixture: DatabaseFixture) async throws {
        var limits = BlogLimits.generous
        limits.modelRequestsPerMinute = 60
        limits.fallback = BlogLimits.Fallback(
            requestsPerMinute: 6_000, tokensPerMinute: 6_000_000, after: .milliseconds(500))
        try await Newsroom.open(fixture, limits: limits) { room in
            room.otherModel.answer { _, _ in
                throw ProviderError(.unauthorized, "The key is not accepted.", hint: "Check it.", retry: .never)
            }
            let ids = try await (0..<3).asyncMap { _ in try await room.submit { $0.autoSelect = true } }
            try await room.working { for id in ids { try await room.wait(for: id, .done) } }

            #expect(!room.otherModel.prompts.isEmpty)
            #expect(room.otherModel.prompts.count <= 6, "it is shut by its first answers")
            #expect(room.model.prompts.count == 6)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `shows its statuses in order and never goes back`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let seen = Mutex<[GenerationStatus]>([])
            let id = try await room.submit {
                $0.autoSelect = true
                $0.publishMode = .publish
            }
            let look = Failpoints { name in
                guard name.hasSuffix(".beforeSend") else { return }
                // The places are passed while the step runs, so that what they see is the shown status of that moment.
                seen.withLock { $0.append(room.statusNow(of: name)) }
            }
            try await room.working(failpoints: look) { try await room.wait(for: id, .done) }

            let order = seen.withLock { $0 }
            #expect(order == order.sorted { $0.rank < $1.rank })
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `publishes the draft that was recorded, once`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let done = try await room.finished {
                $0.autoSelect = true
                $0.publishMode = .publish
            }

            #expect(room.publisher.publications == [done.draftId])
            #expect(room.publisher.entries.values.map(\.isPublished) == [true])
            #expect(done.summary.url == "https://site.test/\(done.draftId ?? "")")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `about a product knows the product, and shows its picture if asked to`(_ fixture: DatabaseFixture) async throws
    {
        try await Newsroom.open(fixture) { room in
            let done = try await room.finished {
                $0.sourceType = .product
                $0.sourceId = "basket"
                $0.autoSelect = true
                $0.image = .product
            }

            #expect(done.summary.status == .done)
            #expect(room.model.prompts.allSatisfy { $0.messages.last?.text.value(of: "Subject") == "Proofing Basket" })
            #expect(room.images.requests.isEmpty)
            #expect(done.summary.imageState == .ready)
            let stored = try await room.generations.image(of: done.summary.id, in: .site(room.site))
            #expect(stored?.bytes == FakeImages.bytes)
            #expect(done.cost.microdollars == 550 + 11_000, "nobody painted it")
        }
    }

    @Test(arguments: [FakeImages.drawing, FakeImages.bytes, FakeImages.bomb])
    func `about a product goes on without a picture of it that is none`(_ bytes: [UInt8]) async throws {
        try await Newsroom.open(.sqlite, { $0.attemptsMax = 2 }) { room in
            room.images.whenFetched { _ in try ImageFile(checking: bytes) }
            let done = try await room.finished {
                $0.sourceType = .product
                $0.sourceId = "basket"
                $0.autoSelect = true
                $0.image = .product
            }

            #expect(done.summary.status == .done)
            #expect(done.summary.imageState == .failed)
            let stored = try await room.generations.image(of: done.summary.id, in: .site(room.site))
            #expect(stored?.bytes == nil)
            #expect(room.publisher.entries.values.allSatisfy { $0.post.image == nil })
            #expect(done.cost.microdollars == 550 + 11_000)
        }
    }

    @Test func `about a product that does not exist fails in plain words`() async throws {
        try await Newsroom.open(.sqlite) { room in
            let done = try await room.finished {
                $0.sourceType = .product
                $0.sourceId = "nothing"
            }

            #expect(done.summary.status == .failed)
            #expect(done.summary.error?.code == "product.not_found")
            #expect(done.summary.error?.hint != nil)
            #expect(room.model.prompts.isEmpty)
        }
    }

    @Test func `with an idea of its own asks for no others`() async throws {
        try await Newsroom.open(.sqlite) { room in
            let done = try await room.finished { $0.selectedIdea = Idea(title: "Nine Loaves") }

            #expect(done.summary.status == .done)
            #expect(done.ideas.isEmpty)
            #expect(room.model.prompts(named: "ideas").isEmpty)
            #expect(room.model.prompts(named: "article")[0].messages.last?.text.value(of: "Title") == "Nine Loaves")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `that is scheduled is not published before its time`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let time = Timestamp(room.world.now.addingTimeInterval(2))
            let id = try await room.submit {
                $0.autoSelect = true
                $0.image = ImageMode.none
                $0.publishMode = .schedule
                $0.publishAt = time
            }
            try await room.working { try await room.wait(for: id, .done) }

            #expect(room.world.now >= time.date)
            #expect(room.publisher.publications.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `that sleeps until its time says so, and looks at the clock again after a retry`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Newsroom.open(fixture) { room in
            let time = Timestamp(room.world.now.addingTimeInterval(86_400))
            let id = try await room.submit {
                $0.autoSelect = true
                $0.image = ImageMode.none
                $0.publishMode = .schedule
                $0.publishAt = time
            }
            try await room.working {
                let sleeping = try await room.wait(for: id) { $0.summary.waiting?.reason == .notDue }
                #expect(sleeping.summary.status == .publishing)
                #expect(sleeping.summary.scheduledFor == time)
                #expect(sleeping.draftId != nil)
            }
            #expect(room.publisher.publications.isEmpty)

            _ = try await room.generations.cancel(id, in: .site(room.site), by: "owner")
            room.world.advance(bySeconds: 86_500)
            _ = try await room.generations.retry(id, in: .site(room.site), by: "owner")
            try await room.working { try await room.wait(for: id, .done) }

            #expect(room.publisher.publications.count == 1)
        }
    }
}

extension Newsroom {
    /// The status that belongs to a step at the moment in which it calls out.
    func statusNow(of place: String) -> GenerationStatus {
        switch place.split(separator: ".")[0] {
        case "ideas": .generatingIdeas
        case "content": .generatingContent
        case "image", "collect": .generatingImage
        default: .publishing
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ change: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await change(element)) }
        return results
    }
}
