import Foundation
import HTTPTypes
import Outbound
import Sandbox
import Testing

@testable import Publishers

@Suite struct `The Wix publisher` {
    let deadline = Duration.seconds(60)

    @Test func `makes a draft with author, cover, tags, excerpt and description`() async throws {
        let wix = SandboxWix()
        let receipt = try await wix.publisher().createDraft(.make(), marker: "g1", deadline: deadline)

        let draft = try #require(wix.drafts().first)
        #expect(receipt.id.text == draft.id)
        #expect(receipt.url == "http://sandbox.invalid/wix/sites/site-1/post/\(draft.slug)")
        #expect(draft.slug.hasPrefix("why-rye-rises-slowly-p"))
        #expect(draft.isPublished == false)
        #expect(draft.post["memberId"]?.text?.isEmpty == false)
        #expect(draft.post["tagIds"]?.items?.count == 2)
        let cover = draft.post["heroImage"]?["id"]?.text
        #expect(cover?.hasSuffix("~mv2.png") == true)
        #expect(draft.post["media"]?["wixMedia"]?["image"]?["id"]?.text == cover)
        #expect(draft.post["excerpt"]?.text?.isEmpty == false)
        let seo = draft.post["seoData"]?["tags"]?.items ?? []
        #expect(seo.map { $0["type"]?.text } == ["title", "meta"])
        #expect(draft.post["richContent"]?["nodes"]?.items?.first?["type"]?.text == "HEADING")
    }

    @Test func `makes one draft per marker, however often it is asked`() async throws {
        let wix = SandboxWix()
        var receipts: Set<DraftReceipt> = []
        for _ in 0..<3 {
            receipts.insert(try await wix.publisher().createDraft(.make(), marker: "g1", deadline: deadline))
        }
        let other = try await wix.publisher().createDraft(.make(), marker: "g2", deadline: deadline)

        #expect(receipts.count == 1)
        #expect(!receipts.contains(other))
        #expect(wix.drafts().count == 2)
    }

    @Test func `adopts the draft whose answer was lost`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        wix.lose(.wixDraftCreate)

        let error = await #expect(throws: PublisherError.self) {
            try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        }
        #expect(error?.code == .unreachable)
        #expect(error?.retry == .backoff)
        let receipt = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)

        #expect(wix.drafts().map(\.id) == [receipt.id.text])
    }

    @Test func `publishes the recorded draft, and repeats it`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
        let first = try await publisher.publish(draft.id, deadline: deadline)
        let second = try await publisher.publish(draft.id, deadline: deadline)

        #expect(first == second)
        #expect(first.url == draft.url)
        #expect(wix.drafts().map(\.isPublished) == [true])
        let error = await #expect(throws: PublisherError.self) {
            try await publisher.publish(PostID("../nothing"), deadline: deadline)
        }
        #expect(error?.code == .draftMissing)
    }

    @Test func `finds and removes what nobody recorded`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        // Two that do not see each other's draft, as when an answer came too late.
        async let one = publisher.createDraft(.make(slug: "one"), marker: "g1", deadline: deadline)
        async let two = publisher.createDraft(.make(slug: "two"), marker: "g1", deadline: deadline)
        let (kept, _) = try await (one, two)
        _ = try await publisher.createDraft(.make(), marker: "g2", deadline: deadline)

        let strays = try await publisher.strays(of: [MarkedPost(marker: "g1", kept: kept.id)], deadline: deadline)[
            "g1", default: []]
        for stray in strays {
            try await publisher.remove(stray, deadline: deadline)
            try await publisher.remove(stray, deadline: deadline)
        }

        #expect(wix.drafts().count == 2)
        #expect(wix.drafts().contains { $0.id == kept.id.text })
        #expect(
            try await publisher.strays(of: [MarkedPost(marker: "g1", kept: kept.id)], deadline: deadline)[
                "g1", default: []] == [])
    }

    @Test func `makes an author a member once, and a tag once`() async throws {
        let wix = SandboxWix()
        for number in 0..<3 {
            // Another process each, which remembers nothing.
            _ = try await wix.publisher().createDraft(.make(), marker: "g\(number)", deadline: deadline)
        }

        #expect(Set(wix.drafts().compactMap { $0.post["memberId"]?.text }).count == 1)
        #expect(Set(wix.drafts().compactMap { $0.post["tagIds"]?.items?.compactMap(\.text) }).count == 1)
    }

    @Test func `says where posts go`() async throws {
        let found = try await SandboxWix().publisher().checkConnection(deadline: deadline)

        #expect(found.hasPrefix("Posts go to the Wix site Sandbox site site-1"))
    }
}

@Suite struct `A Wix store` {
    @Test(arguments: ["shop-v1", "shop"])
    func `has the same products in either catalogue`(_ instance: String) async throws {
        let wix = SandboxWix()
        let product = try #require(
            try await wix.publishers().product("linen-apron", instance: instance, deadline: .seconds(5)))

        #expect(product.name == "Linen apron")
        #expect(product.description == "Washed linen & brass rings; it grows softer.")
        #expect(product.facts.first == "Brand: Sandbox")
        #expect(product.url == "http://sandbox.invalid/wix/sites/\(instance)/product-page/linen-apron")
        #expect(product.image?.hasSuffix("linen-apron.png") == true)
        #expect(product.price == (instance == "shop" ? "38.00 EUR" : "38,00 €"))
    }

    @Test(arguments: [("shop", "nothing"), ("nostore", "kettle"), ("shop", "../../blog/v3/draft-posts")])
    func `has no other`(_ instance: String, _ id: String) async throws {
        let wix = SandboxWix()

        #expect(try await wix.publishers().product(id, instance: instance, deadline: .seconds(5)) == nil)
    }

    @Test func `is asked once which catalogue it has`() async throws {
        let wix = SandboxWix()
        let publishers = wix.publishers()
        for _ in 0..<3 { _ = try await publishers.product("kettle", instance: "shop", deadline: .seconds(5)) }

        #expect(wix.count(.wixCall) == 4)
    }
}

@Suite struct `A token of Wix` {
    let deadline = Duration.seconds(60)

    @Test func `is asked for once, however many need it`() async throws {
        let wix = SandboxWix()
        let publishers = wix.publishers()
        try await checkTwenty(publishers)
        #expect(wix.count(.wixToken) == 1)

        // Refused: the first to notice asks for another.
        wix.revokeTokens()
        try await checkTwenty(publishers)
        #expect(wix.count(.wixToken) == 2)

        // After four fifths of its life it is renewed before it is refused.
        wix.pass(.seconds(14_400 * 0.81))
        try await checkTwenty(publishers)
        #expect(wix.count(.wixToken) == 3)
    }

    private func checkTwenty(_ publishers: WixPublishers) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    _ = try await publishers.publisher(instance: "site-1").checkConnection(deadline: deadline)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `is not asked for again and again when the site has lost the app`() async throws {
        let wix = SandboxWix()
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publisher("removed-site").checkConnection(deadline: deadline)
        }

        #expect(error?.code == .unwritable)
        #expect(error?.retry == .refused(after: WixFailure.pauseWithoutApp))
        #expect(error?.hint?.contains("install the app again") == true)
        #expect(wix.count(.wixToken) == 1)
    }

    @Test func `needs the app's own secret`() async throws {
        let wix = SandboxWix()
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publishers(secret: "invalid").publisher(instance: "site-1").checkConnection(
                deadline: deadline)
        }

        #expect(error?.code == .unwritable)
        #expect(error?.hint?.contains("WIX_APP_SECRET") == true)
    }
}
