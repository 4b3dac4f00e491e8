import Foundation
import Outbound
import Sandbox
import Testing

@testable import Publishers

/// What Wix sites do that one would not expect.
@Suite struct `A post on a Wix site` {
    let deadline = Duration.seconds(60)

    @Test func `that somebody has deleted is made anew`() async throws {
        let wix = SandboxWix()
        let first = try await wix.publisher().createDraft(.make(), marker: "g1", deadline: deadline)
        try await wix.publisher().remove(first.id, deadline: deadline)
        let second = try await wix.publisher().createDraft(.make(), marker: "g1", deadline: deadline)

        #expect(first.id != second.id)
        #expect(wix.drafts().map(\.id) == [second.id.text])
        #expect(
            try await wix.publisher().strays(of: [MarkedPost(marker: "g1", kept: second.id)], deadline: deadline)[
                "g1", default: []] == [])
    }

    @Test func `has an author and tags also when those that were known are gone`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        _ = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        wix.clearPeople()
        wix.pass(.seconds(2))
        _ = try await publisher.createDraft(.make(), marker: "g2", deadline: deadline)

        #expect(Set(wix.drafts().compactMap { $0.post["memberId"]?.text }).count == 2)
        #expect(wix.drafts().map { $0.post["tagIds"]?.items?.count } == [2, 2])
        #expect(wix.count(.wixUpload) == 2, "the picture is sent once for each")
    }

    @Test func `waits for its turn to make an author, of whom there may be one a second`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        var changed = Post.make()
        changed.author = "Grace"
        let other = changed
        _ = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        let error = await #expect(throws: PublisherError.self) {
            try await publisher.createDraft(other, marker: "g2", deadline: deadline)
        }
        wix.pass(.seconds(1))
        _ = try await publisher.createDraft(other, marker: "g2", deadline: deadline)

        #expect(error?.retry == .refused(after: .milliseconds(500)))
        #expect(wix.drafts().count == 2)
    }

    @Test func `goes without a picture that Wix cannot read, and says so`() async throws {
        let wix = SandboxWix(faults: [FaultRule(when: .init(operation: .wixUpload), fault: .imageFailed)])
        let receipt = try await wix.publisher().createDraft(.make(), marker: "g1", deadline: deadline)

        #expect(receipt.pictureRefusal == "Wix cannot read the picture")
        let draft = try #require(wix.drafts().first)
        #expect(draft.post["heroImage"] == nil)
        #expect(draft.post["media"] == nil)
    }

    @Test func `goes without a picture that is too large to send`() async throws {
        let wix = SandboxWix()
        var post = Post.make()
        post.image?.bytes = [UInt8](repeating: 0, count: 11 << 20)
        let receipt = try await wix.publisher().createDraft(post, marker: "g1", deadline: deadline)

        #expect(receipt.pictureRefusal?.contains("10 MB") == true)
        #expect(wix.count(.wixUpload) == 0)
    }

    @Test func `sends its picture once, however often the draft is refused`() async throws {
        let wix = SandboxWix(
            faults: [FaultRule(when: .init(operation: .wixDraftCreate), fault: .rateLimited, count: 3)])
        let publisher = wix.publisher()
        for _ in 0..<3 {
            await #expect(throws: PublisherError.self) {
                try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
            }
        }
        _ = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        _ = try await publisher.createDraft(.make(), marker: "g2", deadline: deadline)

        #expect(wix.count(.wixUpload) == 2)
        #expect(wix.drafts().count == 2)
    }

    @Test func `names a picture that Wix still looks at`() async throws {
        let wix = SandboxWix { $0.mediaSeconds = 30 }
        let receipt = try await wix.publisher().createDraft(.make(), marker: "g1", deadline: deadline)

        #expect(receipt.pictureRefusal == nil)
        #expect(wix.drafts().first?.post["heroImage"]?["id"]?.text?.isEmpty == false)
    }

    @Test func `is there once in the end, also where lists lag behind`() async throws {
        let wix = SandboxWix { $0.listSeconds = 20 }
        let publisher = wix.publisher()
        wix.lose(.wixDraftCreate)
        await #expect(throws: PublisherError.self) {
            try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        }
        let recorded = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        _ = try await publisher.publish(recorded.id, deadline: deadline)
        #expect(wix.drafts().map(\.isPublished) == [false, true])

        wix.pass(.seconds(20))
        for stray in try await publisher.strays(of: [MarkedPost(marker: "g1", kept: recorded.id)], deadline: deadline)[
            "g1", default: []]
        {
            try await publisher.remove(stray, deadline: deadline)
        }
        #expect(wix.drafts().map(\.id) == [recorded.id.text])
    }

    @Test func `is not tried where its title is too long`() async throws {
        let wix = SandboxWix()
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publisher().createDraft(
                .make(title: String(repeating: "x", count: 201)), marker: "g1", deadline: deadline)
        }

        #expect(error?.code == .invalidPost)
        #expect(wix.count(.wixToken) == 0)
    }

    @Test func `has an excerpt that fits, of whole characters`() async throws {
        let wix = SandboxWix()
        var post = Post.make()
        post.excerpt = String(repeating: "👩‍🍳", count: 200)
        _ = try await wix.publisher().createDraft(post, marker: "g1", deadline: deadline)

        #expect(wix.drafts().first?.post["excerpt"]?.text == String(repeating: "👩‍🍳", count: 100))
    }

    @Test func `goes without tags that Wix does not take`() async throws {
        let wix = SandboxWix()
        func make(_ tags: [String], _ marker: String) async throws -> Int? {
            var post = Post.make()
            post.tags = tags
            _ = try await wix.publisher().createDraft(post, marker: marker, deadline: deadline)
            return wix.drafts().last?.post["tagIds"]?.items?.count
        }

        #expect(try await make(["Rye: dark", "bread"], "g1") == 2)
        // One that is too long, one that comes twice, one that is written almost like another.
        #expect(try await make([String(repeating: "x", count: 51), "bread", "Bread", "rye dark"], "g2") == 1)
    }

    @Test func `finds its tags also on a later page`() async throws {
        let wix = SandboxWix { $0.callsPerMinute = 100_000 }
        let publisher = wix.publisher()
        for number in 0..<18 {
            var post = Post.make(image: false)
            post.tags = (0..<30).map { "tag \(number) \($0)" }
            _ = try await publisher.createDraft(post, marker: "g\(number)", deadline: deadline)
        }
        var post = Post.make(image: false)
        post.tags = ["tag 17 29"]
        _ = try await wix.publisher().createDraft(post, marker: "last", deadline: deadline)

        let drafts = wix.drafts()
        #expect(drafts[17].post["tagIds"]?.items?.last == drafts[18].post["tagIds"]?.items?.first)
        #expect(drafts[18].post["tagIds"]?.items?.count == 1)
    }
}

@Suite struct `The app on a Wix site` {
    let deadline = Duration.seconds(60)

    @Test func `may be removed between a draft and its publication: the step waits, and can be taken up again`()
        async throws
    {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        let before = wix.count(.wixToken)
        wix.removeApp()
        let error = await #expect(throws: PublisherError.self) {
            try await publisher.publish(draft.id, deadline: deadline)
        }
        #expect(error?.code == .unwritable)
        #expect(error?.retry == .refused(after: WixFailure.pauseWithoutApp))
        #expect(error?.hint?.contains("install the app again") == true)
        #expect(wix.count(.wixToken) == before + 1)
        #expect(wix.drafts().map(\.isPublished) == [false])

        wix.installApp()
        _ = try await publisher.publish(draft.id, deadline: deadline)
        #expect(wix.drafts().map(\.isPublished) == [true])
    }

    @Test(arguments: [Operation.wixToken, .wixCall, .wixDraftCreate, .wixPublish])
    func `may be removed just when it calls`(_ operation: Operation) async throws {
        let wix = SandboxWix(faults: [FaultRule(when: .init(operation: operation), fault: .appRemoved, count: 1)])
        let publisher = wix.publisher()
        let error = await #expect(throws: PublisherError.self) {
            let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
            _ = try await publisher.publish(draft.id, deadline: deadline)
        }

        #expect(error?.code == .unwritable)
        #expect(error?.retry == .refused(after: WixFailure.pauseWithoutApp))
        #expect(wix.drafts().allSatisfy { !$0.isPublished })
        wix.installApp()
        let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        _ = try await publisher.publish(draft.id, deadline: deadline)
        #expect(wix.drafts().map(\.isPublished) == [true])
    }

    @Test func `has tokens that are renewed before they end, however short they live`() async throws {
        let wix = SandboxWix { $0.tokenSeconds = 10 }
        let publisher = wix.publisher()
        for _ in 0..<10 {
            _ = try await publisher.checkConnection(deadline: deadline)
            wix.pass(.seconds(4))
        }

        #expect(wix.count(.wixToken) == 5)
    }

    @Test func `moves to the other catalogue with its shop`() async throws {
        let wix = SandboxWix()
        let publishers = wix.publishers()
        _ = try await publishers.product("kettle", instance: "shop", deadline: deadline)
        wix.script(OutboundResponse(status: 428))
        let product = try await publishers.product("kettle", instance: "shop", deadline: deadline)

        #expect(product?.name == "Enamel kettle")
    }

    @Test func `is opened by the instance that the dashboard signs`() async throws {
        let wix = SandboxWix()
        _ = try await wix.publisher().checkConnection(deadline: deadline)
        let signed = try #require(wix.signedInstance())
        let app = WixApp(baseURL: try OutboundURL("https://www.wixapis.com"), id: "app", secret: Secret("app-secret"))
        let now = Date(timeIntervalSince1970: 1_795_219_200)

        #expect(WixSignedInstance(app).owner(in: signed, now: now) == "site-1")
        #expect(WixSignedInstance(app).owner(in: signed, now: now + 4 * 3_600 + 1) == nil)
        #expect(wix.signedInstance(of: "nobody") == nil)
    }

    @Test func `is told what becomes of it, by tokens that the product reads`() async throws {
        let wix = SandboxWix { $0.webhookURL = "http://app.invalid/webhooks/wix" }
        let key = try WixWebhookKey()
        let reader = try WixWebhooks(pem: key.publicPEM)
        let now = Date(timeIntervalSince1970: 1_795_219_200)
        wix.removeApp()
        wix.installApp()
        let messages = wix.messages().map(\.message)
        let events = try messages.map { reader.event(in: try key.token($0.claims), now: now) }

        #expect(events.map { $0?.kind } == [.removed, .installed])
        #expect(events.map { $0?.instance } == ["site-1", "site-1"])
        let times = events.compactMap { $0?.at }
        #expect(times.count == 2 && times[0] < times[1])
        let again = reader.event(in: try key.token(messages[0].claims), now: now + 47 * 3_600)
        #expect(again?.digest == events[0]?.digest)
        #expect(reader.event(in: try key.token(messages[0].claims, isForged: true), now: now) == nil)
    }
}
