import Database
import Engine
import Foundation
import Providers
import Publishers
import Synchronization
import TestSupport
import Testing

@testable import Blog

/// What goes wrong, and what becomes of the article.
@Suite struct `A generation in trouble` {
    @Test(arguments: DatabaseFixture.all)
    func `has a malformed answer repaired once, and pays for both`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.model.answer { prompt, number in
                prompt.schema?.name == "article" && number == 1 ? "{\"title\": \"x\"}" : Sample.answer(to: prompt)
            }

            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            let articles = room.model.prompts(named: "article")
            #expect(articles.count == 2)
            #expect(articles[1].messages.count == articles[0].messages.count + 2)
            #expect(done.cost.outputTokens == 3_000)
        }
    }

    /// Provider's limits are charged in whole, so ours are near the need, and an answer may not fit.
    @Test(arguments: DatabaseFixture.all)
    func `asks once more, with twice the room, when an answer was cut off`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 2 }) { room in
            room.model.answer { prompt, number in
                guard prompt.schema?.name == "article", number == 1 else { return Sample.answer(to: prompt) }
                throw ProviderError(
                    .truncated, "It was cut off.", retry: .backoff,
                    usage: TokenUse(inputTokens: 500, outputTokens: 4_000))
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            let limits = room.model.prompts(named: "article").map(\.outputTokensMax)
            #expect(limits.count == 2)
            #expect(limits.last == limits.first.map { 2 * $0 })
            #expect(done.cost.outputTokens == 6_000, "ideas, and both articles")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `fails when twice the room was not enough, without further attempts`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.model.answer { prompt, _ in
                guard prompt.schema?.name == "article" else { return Sample.answer(to: prompt) }
                throw ProviderError(.truncated, "It was cut off.", retry: .backoff)
            }
            let failed = try await room.finished { $0.autoSelect = true }

            #expect(failed.summary.status == .failed)
            #expect(failed.summary.error?.code == "provider.truncated")
            #expect(room.model.prompts(named: "article").count == 2)
        }
    }

    /// What a shutdown hands back counts as no attempt, and may have been ordered all the same.
    @Test(arguments: DatabaseFixture.all)
    func `adopts a picture that was being ordered when its worker had to leave`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Newsroom.open(fixture) { room in
            room.images.holdFirstAnswer()
            let id = try await room.submit { $0.autoSelect = true }
            try await room.workingUntilStopped {
                for _ in 0..<1_500 where room.images.requests.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            }
            #expect(room.images.requests.count == 1)

            try await room.working { try await room.wait(for: id, .done) }

            #expect(room.images.requests.count == 1, "a second order would be paid a second time")
            #expect(try await room.find(id).summary.imageState == .ready)
        }
    }

    @Test func `accepts a repaired article that is only somewhat short`() async throws {
        try await Newsroom.open(.sqlite) { room in
            room.model.answer { prompt, _ in
                prompt.schema?.name == "ideas" ? Sample.ideas() : Sample.article(words: 300)
            }
            let done = try await room.finished {
                $0.autoSelect = true
                $0.words = 900
            }

            #expect(done.summary.status == .done)
            #expect(room.model.prompts(named: "article").count == 2)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `fails when no answer is ever of use, and a retry begins at that step`(_ fixture: DatabaseFixture) async throws
    {
        try await Newsroom.open(fixture, { $0.attemptsMax = 2 }) { room in
            room.model.answer { prompt, _ in prompt.schema?.name == "ideas" ? Sample.ideas() : "I would rather not." }
            let failed = try await room.finished { $0.autoSelect = true }

            #expect(failed.summary.status == .failed)
            #expect(failed.summary.error?.code == "provider.malformed")
            #expect(room.model.prompts(named: "article").count == 2, "one attempt and its repair")
            #expect(failed.cost.outputTokens == 3_000, "what came to nothing is booked")

            room.model.answer { prompt, _ in Sample.answer(to: prompt) }
            let retried = try await room.generations.retry(failed.summary.id, in: .site(room.site), by: "owner")
            #expect(retried.status == .generatingContent)
            #expect(retried.error == nil)
            #expect(retried.finishedAt == nil)
            try await room.working { try await room.wait(for: failed.summary.id, .done) }

            #expect(room.model.prompts(named: "ideas").count == 1, "what was recorded is not paid again")
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `waits without losing an attempt when the provider is overrun`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 1 }) { room in
            room.model.answer { prompt, number in
                guard prompt.schema?.name == "ideas", number <= 3 else { return Sample.answer(to: prompt) }
                throw ProviderError(.rateLimited, "Too many calls.", retry: .refused(after: .milliseconds(10)))
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.timeline.count { $0.kind == "refused" } == 3)
        }
    }

    @Test func `does not repeat a call that cannot help`() async throws {
        try await Newsroom.open(.sqlite) { room in
            room.model.answer { _, _ in
                throw ProviderError(.rejected, "The request is wrong.", hint: "Look at it.", retry: .never)
            }
            let failed = try await room.finished()

            #expect(
                failed.summary.error
                    == .init(code: "provider.rejected", message: "The request is wrong.", hint: "Look at it."))
            #expect(room.model.prompts.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `outlives a provider that is away for longer than its attempts`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 2 }) { room in
            room.model.answer { prompt, number in
                guard prompt.schema?.name == "ideas", number <= 4 else { return Sample.answer(to: prompt) }
                throw ProviderError(.unavailable, "It cannot answer now.", retry: .backoff)
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.timeline.count { $0.kind == "retrying" } == 4)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `waits when the provider's account has no credit, and says so`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 1 }) { room in
            room.model.answer { _, _ in throw ProviderError(.quotaExhausted, "The credit is used up.", retry: .never) }
            let id = try await room.submit()
            try await room.working {
                try await room.wait(for: id) { $0.summary.waiting?.reason == .providerPaused }
                let waiting = try #require(try await room.find(id).summary.waiting)
                #expect(waiting.evidence?.contains("The credit is used up. (provider.quota_exhausted)") == true)
            }
            #expect(room.model.prompts.count == 1)
        }
    }

    /// Everything in the queue would fail one after the other.
    @Test(
        arguments: DatabaseFixture.all,
        [ProviderError.Code.quotaExhausted, ProviderError.Code.unauthorized, ProviderError.Code.modelNotFound])
    func `waits for an account that is shut until the pool is resumed, and then goes on`(
        _ fixture: DatabaseFixture, _ code: ProviderError.Code
    ) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 1 }) { room in
            room.model.answer { prompt, _ in
                guard room.firsts.withLock({ $0.insert("refused").inserted }) else { return Sample.answer(to: prompt) }
                throw ProviderError(code, "It serves nobody.", retry: .never)
            }
            let id = try await room.submit { $0.autoSelect = true }
            try await room.working {
                try await room.wait(for: id) { $0.summary.waiting?.reason == .providerPaused }
                try await room.engine.transaction { transaction, wakes in
                    try room.engine.resume(PoolNames().model, in: transaction, waking: wakes)
                }
                try await room.wait(for: id, .done)
            }
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `waits when a day's limit is used up, and says until when`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture, { $0.attemptsMax = 1 }) { room in
            room.model.answer { _, _ in
                throw ProviderError(.dailyLimit, "The day is used up.", retry: .refused(after: .seconds(3600)))
            }
            let id = try await room.submit()
            try await room.working {
                try await room.wait(for: id) { $0.summary.waiting?.reason == .providerPaused }
                let evidence = try #require(try await room.find(id).summary.waiting?.evidence)
                #expect(evidence.contains("The day is used up. (provider.daily_limit); 59 min are left"))
            }
            #expect(room.model.prompts.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `tells its pool what the provider says of its limits, and what texts really cost`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Newsroom.open(fixture) { room in
            room.model.tell(RateLimitReport(tokens: .init(limit: 90_000_000, remaining: 89_000_000)))
            for _ in 0..<3 { _ = try await room.finished { $0.autoSelect = true } }

            let model = try #require(try await room.engine.poolStatus().first { $0.name == PoolNames().model })
            #expect(model.costPerMinuteMax == 90_000_000)
            #expect(model.learned.costPerMinuteConfigured == 600_000_000)
            #expect(Set(model.learned.estimates.map(\.model)) == ["small", "large"])
            #expect(model.learned.estimates.allSatisfy { $0.ratio < 1 })
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `has no more pictures painted at one time than the provider takes`(_ fixture: DatabaseFixture) async throws {
        var limits = BlogLimits.generous
        limits.imageConcurrency = 2
        try await Newsroom.open(fixture, limits: limits) { room in
            room.images.whenAsked { _, question in
                question < 3 ? .pending : .ready(url: "https://images.test/picture.png")
            }
            var ids: [JobID] = []
            for _ in 0..<6 { ids.append(try await room.submit { $0.autoSelect = true }) }
            try await room.working { for id in ids { try await room.wait(for: id, .done) } }

            #expect(room.images.mostAtWork == 2)
            #expect(room.images.requests.count == 6)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `goes on without a picture that cannot be ordered`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.images.whenOrdered { _ in throw ProviderError(.rejected, "No such size.", retry: .never) }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.summary.imageState == .failed)
            #expect(done.imageError == "No such size.")
            #expect(room.publisher.entries.values.allSatisfy { $0.post.image == nil })
        }
    }

    @Test(arguments: [ImageFailure.Code.failed, .flagged])
    func `orders a picture again only if that may help`(_ code: ImageFailure.Code) async throws {
        try await Newsroom.open(.sqlite) { room in
            room.images.whenAsked { order, _ in
                order == 1 ? .failed(ImageFailure(code, "It failed.")) : .ready(url: "https://images.test/2.png")
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.summary.imageState == (code == .failed ? .ready : .failed))
            #expect(
                room.images.requests.map(\.marker) == (1...(code == .failed ? 2 : 1)).map { "\(done.summary.id)-\($0)" }
            )
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `gives up a picture that never comes`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.images.whenAsked { _, _ in .pending }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.imageError == "The picture was not ready in time.")
            #expect(room.images.cancelled == ["order-1"])
        }
    }

    @Test func `does not ask on when a question about the picture fails for good`() async throws {
        try await Newsroom.open(.sqlite, { $0.attemptsMax = 2 }) { room in
            room.images.whenAsked { _, _ in throw ProviderError(.unavailable, "Down.", retry: .backoff) }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.summary.imageState == .failed)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `adopts an order whose answer was lost instead of paying twice`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.images.whenOrdered { _ in throw ProviderError(.unreachable, "The line broke.", retry: .backoff) }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.imageState == .ready)
            #expect(room.images.requests.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is given its picture with the answer to the order, and asks for nothing`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Newsroom.open(fixture, { $0.paintsAtOnce = true }) { room in
            room.images.paintAtOnce()
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.status == .done)
            #expect(done.summary.imageState == .ready)
            let stored = try await room.generations.image(of: done.summary.id, in: .site(room.site))
            #expect(stored?.bytes == FakeImages.bytes)
            #expect(room.publisher.entries.values.map(\.post.image?.bytes) == [FakeImages.bytes])
            #expect(room.images.requests.count == 1)
            #expect(room.images.questions == 0)
            #expect(done.cost.microdollars == 550 + 11_000 + 3_000)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `has a picture painted once more when the answer with it was lost`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.images.paintAtOnce()
            room.images.whenOrdered { number in
                guard number == 1 else { return }
                throw ProviderError(.unreachable, "The line broke.", retry: .backoff)
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.imageState == .ready)
            #expect(room.images.requests.map(\.marker) == Array(repeating: "\(done.summary.id)-1", count: 2))
            #expect(room.publisher.entries.count == 1)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `pays for a picture that came and was of no use`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.images.paintAtOnce()
            room.images.whenOrdered { number in
                guard number == 1 else { return }
                let nothingCounted = TokenUse(inputTokens: 0, outputTokens: 0)
                throw ProviderError(.malformed, "It is no picture.", retry: .backoff, usage: nothingCounted)
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.imageState == .ready)
            #expect(done.cost.microdollars == 550 + 11_000 + 2 * 3_000)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `gives back the place of a picture that came at once`(_ fixture: DatabaseFixture) async throws {
        var limits = BlogLimits.generous
        limits.imageConcurrency = 1
        try await Newsroom.open(fixture, limits: limits) { room in
            room.images.paintAtOnce()
            var ids: [JobID] = []
            for _ in 0..<3 { ids.append(try await room.submit { $0.autoSelect = true }) }
            try await room.working { for id in ids { try await room.wait(for: id, .done) } }

            #expect(room.images.requests.count == 3)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `orders anew from a provider that knows nothing of an order`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            room.images.whenAsked { _, _ in
                room.images.paintAtOnce()
                return .failed(ImageFailure(.expired, "Another provider's order."))
            }
            let done = try await room.finished { $0.autoSelect = true }

            #expect(done.summary.imageState == .ready)
            #expect(room.images.requests.count == 2)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `makes one draft although the first answer was lost`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let failOnce = Failpoints { name in
                guard name == "draft.received", room.publisher.entries.count == 1, room.isFirst("draft") else { return }
                throw PublisherError(.unreachable, "The line broke.", retry: .backoff)
            }
            let id = try await room.submit { $0.autoSelect = true }
            try await room.working(failpoints: failOnce) { try await room.wait(for: id, .done) }

            #expect(room.publisher.entries.count == 1)
            #expect(try await room.find(id).draftId == room.publisher.entries.keys.first)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `ends when it is cancelled, and can be taken up again`(_ fixture: DatabaseFixture) async throws {
        try await Newsroom.open(fixture) { room in
            let id = try await room.submit()
            let scope = Scope.site(room.site)
            try await room.working { try await room.wait(for: id, .awaitingSelection) }

            let cancelled = try await room.generations.cancel(id, in: scope, by: "owner")
            #expect(cancelled.status == .cancelled)
            #expect(cancelled.finishedAt != nil)
            #expect(try await room.generations.cancel(id, in: scope, by: "owner").status == .cancelled)
            let refused = await #expect(throws: BlogError.self) {
                try await room.generations.select(.pick(index: 0, title: nil), for: id, in: scope, by: "owner")
            }
            #expect(refused?.code == .selectionWrongState)

            #expect(try await room.generations.retry(id, in: scope, by: "owner").status == .awaitingSelection)
            _ = try await room.generations.select(.pick(index: 0, title: nil), for: id, in: scope, by: "owner")
            try await room.working { try await room.wait(for: id, .done) }
            let error = await #expect(throws: BlogError.self) {
                try await room.generations.cancel(id, in: scope, by: "owner")
            }
            #expect(error?.code == .generationWrongState)
            let again = await #expect(throws: BlogError.self) {
                try await room.generations.retry(id, in: scope, by: "owner")
            }
            #expect(again?.kind == .conflict)
        }
    }
}

extension Newsroom {
    /// Once true for each name.
    func isFirst(_ name: String) -> Bool { firsts.withLock { $0.insert(name).inserted } }
}
