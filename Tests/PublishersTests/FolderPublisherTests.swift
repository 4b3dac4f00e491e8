import Foundation
import Testing

@testable import Publishers

@Suite struct `The folder publisher` {
    let deadline = Duration.seconds(10)

    @Test func `makes a draft that a person can read and a program can find`() async throws {
        try await Fixture.with { fixture in
            let receipt = try await fixture.publisher().createDraft(.make(), marker: "g1", deadline: deadline)

            #expect(receipt.id == PostID("why-rye-rises-slowly"))
            #expect(receipt.url?.hasPrefix("file:///") == true)
            #expect(receipt.url?.hasSuffix("/bakery/why-rye-rises-slowly/index.html") == true)
            #expect(try fixture.names("bakery") == [".pressroom", "index.html", "why-rye-rises-slowly"])
            #expect(try fixture.names("bakery/why-rye-rises-slowly") == ["image.png", "index.html", "index.md"])
            let text = try fixture.read("bakery/why-rye-rises-slowly/index.md")
            for line in [
                "title: \"Why rye rises slowly\"", "draft: true", "marker: \"g1\"", "ai_generated: true",
                "sandbox: true",
                "date: \"2026-11-21T00:00:00Z\"", #"tags: ["bread","rye: \"dark\""]"#, "image: \"image.png\"",
            ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
            #expect(text.hasSuffix("---\n\n## Flour\n\nRye has *little* gluten.\n\n- water\n- time\n"))
            let page = try fixture.read("bakery/why-rye-rises-slowly/index.html")
            #expect(page.contains("<h2>Flour</h2>\n<p>Rye has <em>little</em> gluten.</p>"))
            #expect(page.contains("Sample text"))
            let index = try fixture.read("bakery/index.html")
            #expect(index.contains("why-rye-rises-slowly/image.png"))
            #expect(index.contains(">Draft<"))
            #expect(try fixture.events() == ["created why-rye-rises-slowly g1"])
        }
    }

    @Test func `makes one draft per marker, however often it is asked`() async throws {
        try await Fixture.with { fixture in
            var receipts: Set<DraftReceipt> = []
            for _ in 0..<3 {
                receipts.insert(try await fixture.publisher().createDraft(.make(), marker: "g1", deadline: deadline))
            }
            let renamed = try await fixture.publisher().createDraft(
                .make(slug: "other"), marker: "g1", deadline: deadline)

            #expect(receipts == [renamed])
            #expect(try fixture.events() == ["created why-rye-rises-slowly g1"])
        }
    }

    @Test func `numbers posts of the same name`() async throws {
        try await Fixture.with { fixture in
            var names: [String] = []
            for marker in ["a", "b", "c"] {
                names.append(
                    try await fixture.publisher().createDraft(.make(), marker: marker, deadline: deadline).id.text)
            }

            #expect(names == ["why-rye-rises-slowly", "why-rye-rises-slowly-2", "why-rye-rises-slowly-3"])
        }
    }

    @Test func `publishes the recorded draft, and does so once`() async throws {
        try await Fixture.with { fixture in
            let publisher = fixture.publisher()
            let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)

            let first = try await publisher.publish(draft.id, deadline: deadline)
            let second = try await publisher.publish(draft.id, deadline: deadline)

            #expect(first == second)
            #expect(try fixture.read("bakery/why-rye-rises-slowly/index.md").contains("\ndraft: false\n"))
            #expect(try !fixture.read("bakery/why-rye-rises-slowly/index.html").contains(">Draft<"))
            #expect(try fixture.read("bakery/index.html").contains(">Published<"))
            #expect(try fixture.events() == ["created why-rye-rises-slowly g1", "published why-rye-rises-slowly g1"])
        }
    }

    @Test func `keeps what a person has changed in a draft`() async throws {
        try await Fixture.with { fixture in
            let publisher = fixture.publisher()
            let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
            let path = "\(fixture.root)/bakery/\(draft.id)/index.md"
            let edited = try fixture.read("bakery/\(draft.id)/index.md")
                .replacing("title: \"Why rye rises slowly\"", with: "title: Slow rye\r\nmood: calm")
                .replacing("little", with: "less")
            try edited.write(toFile: path, atomically: true, encoding: .utf8)

            _ = try await publisher.publish(draft.id, deadline: deadline)

            let text = try fixture.read("bakery/\(draft.id)/index.md")
            #expect(text.contains("title: Slow rye") && text.contains("mood: calm") && text.contains("*less*"))
            #expect(try fixture.read("bakery/\(draft.id)/index.html").contains("<h1>Slow rye</h1>"))
        }
    }

    @Test func `knows strays by their marker and removes them, repeatedly`() async throws {
        try await Fixture.with { fixture in
            let publisher = fixture.publisher()
            let kept = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
            _ = try await publisher.createDraft(.make(), marker: "g2", deadline: deadline)
            try FileManager.default.copyItem(
                atPath: "\(fixture.root)/bakery/\(kept.id)", toPath: "\(fixture.root)/bakery/copied")

            let strays = try await publisher.strays(of: [MarkedPost(marker: "g1", kept: kept.id)], deadline: deadline)[
                "g1", default: []]
            for stray in strays + strays { try await publisher.remove(stray, deadline: deadline) }

            #expect(strays == [PostID("copied")])
            #expect(!fixture.exists("bakery/copied"))
            #expect(
                try await publisher.strays(of: [MarkedPost(marker: "g1", kept: kept.id)], deadline: deadline)[
                    "g1", default: []] == [])
            #expect(try fixture.events().last == "removed copied g1")
            #expect(try !fixture.read("bakery/index.html").contains("copied"))
        }
    }

    @Test func `says that a recorded draft is gone`() async throws {
        try await Fixture.with { fixture in
            for id in ["never-there", "../../etc", "", ".pressroom", "a/b"] {
                let error = await #expect(throws: PublisherError.self) {
                    try await fixture.publisher().publish(PostID(id), deadline: deadline)
                }
                #expect(error?.code == .draftMissing)
                #expect(error?.retry == .never)
            }
        }
    }

    @Test func `cannot be led out of its folder`() async throws {
        try await Fixture.with { fixture in
            let publisher = fixture.publisher(site: "../../evil/..", title: "x")
            let draft = try await publisher.createDraft(
                .make(title: "..", slug: "../../../etc/passwd\u{0}"), marker: "g1", deadline: deadline)

            #expect(draft.id == PostID("etc-passwd"))
            let sites = try fixture.names("")
            #expect(sites.count == 1 && sites[0].hasPrefix("evil-"))
            try await publisher.remove(PostID("../" + sites[0]), deadline: deadline)
            #expect(try fixture.names("") == sites)
        }
    }

    @Test func `keeps sites apart whose names look alike`() async throws {
        try await Fixture.with { fixture in
            for site in ["bakery", "Bakery", "bäkery", "面包店"] {
                _ = try await fixture.publisher(site: site).createDraft(.make(), marker: "g1", deadline: deadline)
            }

            #expect(try fixture.names("").count == 4)
            #expect(fixture.exists("bakery/why-rye-rises-slowly"))
        }
    }

    @Test func `says what is wrong with a folder that cannot be written`() async throws {
        try await Fixture.with { fixture in
            try "a file".write(toFile: fixture.root, atomically: true, encoding: .utf8)

            let error = await #expect(throws: PublisherError.self) {
                try await fixture.publisher().checkConnection(deadline: deadline)
            }

            #expect(error?.code == .unwritable)
            #expect(error?.message.contains(fixture.root) == true)
            #expect(error?.hint?.contains("choose another folder") == true)
        }
    }

    @Test func `tells where posts go`() async throws {
        try await Fixture.with { fixture in
            let sentence = try await fixture.publisher().checkConnection(deadline: deadline)

            #expect(sentence.hasSuffix("/bakery"))
            #expect(try fixture.names("bakery/.pressroom") == ["lock"])
        }
    }

    @Test(arguments: ["", "  \n "])
    func `refuses a post without a title`(_ title: String) async throws {
        try await Fixture.with { fixture in
            let error = await #expect(throws: PublisherError.self) {
                try await fixture.publisher().createDraft(.make(title: title), marker: "g1", deadline: deadline)
            }
            #expect(error?.code == .invalidPost)
            #expect(!fixture.exists("bakery"))
        }
    }

    @Test func `refuses an image that browsers cannot show`() async throws {
        try await Fixture.with { fixture in
            var post = Post.make()
            post.image?.contentType = "image/svg+xml"
            let error = await #expect(throws: PublisherError.self) {
                try await fixture.publisher().createDraft(post, marker: "g1", deadline: deadline)
            }
            #expect(error?.code == .invalidPost)
            #expect(!fixture.exists("bakery/why-rye-rises-slowly"))
        }
    }
}

@Suite struct `The publishers of a root` {
    @Test func `see what others have changed in the meantime`() async throws {
        try await Fixture.with { fixture in
            let publishers = FolderPublishers(root: fixture.root) { Fixture.date }
            let kept = publishers.publisher(site: "bakery")
            _ = try await kept.createDraft(.make(image: false), marker: "g1", deadline: .seconds(10))
            _ = try await fixture.publisher().createDraft(.make(image: false), marker: "g2", deadline: .seconds(10))

            let again = try await publishers.publisher(site: "bakery")
                .createDraft(.make(image: false), marker: "g2", deadline: .seconds(10))

            #expect(again.id == PostID("why-rye-rises-slowly-2"))
            #expect(try fixture.read("bakery/index.html").contains("2 drafts"))
        }
    }
}
