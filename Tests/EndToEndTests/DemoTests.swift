import Foundation
import Testing

@Suite struct `The demo` {
    @Test func `finishes twelve articles for three sites and says so in one object`() async throws {
        try await Workplace.with { place in
            let ending = try await PressroomProcess.run(
                ["demo", "--exit", "--blogs", "12", "--speed", "20", "--output", "articles", "--port", "0", "--json"],
                in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let result = try ending.json()
            #expect(Set(result.keys) == ["blogs", "done", "failed", "seconds", "refusals", "output"])
            #expect(result["blogs"] as? Int == 12)
            #expect(result["done"] as? Int == 12)
            #expect(result["failed"] as? Int == 0)
            #expect(result["refusals"] as? Int == 0)
            #expect(try place.posts(in: "articles").count == 12)
            for site in ["rye-and-shine", "second-gear", "moss-lane"] {
                let page = place.folder.appending(path: "articles/\(site)/index.html")
                #expect(FileManager.default.fileExists(atPath: page.path))
            }
        }
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `goes on after kill -9 in the middle of an article, and finishes each once`(
        _ storage: Workplace.Storage
    ) async throws {
        try await Workplace.with(storage) { place in
            let arguments = [
                "demo", "--exit", "--blogs", "12", "--speed", "20", "--output", "articles", "--port", "0", "--json",
            ]
            let killed = try await PressroomProcess.run(
                arguments, environment: place.environment(["PRESSROOM_FAILPOINTS": "content.received=kill@4"]),
                in: place.folder)
            #expect(killed.wasKilled, "the failpoint was not reached: \(killed.errors)")

            let ending = try await PressroomProcess.run(
                arguments, environment: place.environment(), in: place.folder, within: .seconds(180))

            #expect(ending.status == 0, "\(ending.errors)")
            #expect(try ending.json()["done"] as? Int == 12)
            let posts = try place.posts(in: "articles")
            #expect(posts.count == 12)
            #expect(posts.values.allSatisfy { $0.count == 1 })
            for (marker, events) in try place.publisherLog(in: "articles") {
                #expect(events["published", default: 0] == 1, "\(marker): \(events)")
            }
        }
    }
}

@Suite(.serialized) struct `The demo on simulated Wix sites` {
    static let arguments = [
        "demo", "--publisher", "wix", "--blogs", "6", "--speed", "20", "--output", "articles", "--port", "0",
    ]
    static let authors = ["rye-and-shine": "Marta Oddo", "second-gear": "Jonas Pell", "moss-lane": "Ines Farrow"]

    @Test func `finishes six articles and says where they were`() async throws {
        try await Workplace.with { place in
            let ending = try await PressroomProcess.run(Self.arguments + ["--exit", "--json"], in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let result = try ending.json()
            #expect(result["blogs"] as? Int == 6)
            #expect(result["done"] as? Int == 6)
            #expect(result["failed"] as? Int == 0)
            #expect(result["refusals"] as? Int == 0)
            #expect((result["output"] as? String)?.hasSuffix("/wix/sites") == true)
            #expect(try place.posts(in: "articles").isEmpty)
        }
    }

    @Test func `shows posts with cover, author, tags, excerpt and what search engines read`() async throws {
        try await Workplace.with { place in
            let demo = try PressroomProcess(Self.arguments, in: place.folder)
            try await until(within: .seconds(120)) { demo.printed.contains("press Ctrl-C") || !demo.isRunning }
            try #require(demo.isRunning, "the demo ended: \(demo.complaints)")
            let sandbox = try #require(demo.printed.firstMatch(of: /(http:\/\/\S+)\/wix\/sites\//)?.1)

            for (id, author) in Self.authors {
                let site = SimulatedSite(id, of: String(sandbox))
                let posts = try await site.posts()
                #expect(posts.count == 2, "\(id)")
                for post in posts {
                    #expect(post["status"] as? String == "PUBLISHED")
                    #expect((post["memberId"] as? String)?.isEmpty == false)
                    #expect((post["tagIds"] as? [String])?.isEmpty == false)
                    #expect((post["excerpt"] as? String)?.isEmpty == false)
                    let cover = (post["heroImage"] as? [String: Any])?["id"] as? String
                    let media = (post["media"] as? [String: Any])?["wixMedia"] as? [String: Any]
                    #expect(cover?.isEmpty == false)
                    #expect((media?["image"] as? [String: Any])?["id"] as? String == cover)
                    let seo = (post["seoData"] as? [String: Any])?["tags"] as? [[String: Any]]
                    #expect(seo?.compactMap { $0["type"] as? String } == ["title", "meta"])
                    let page = try await site.page(of: post)
                    #expect(page.contains("Published on a simulated Wix site · by \(author)"))
                    #expect(page.contains("<img ") && page.contains("<h2>"))
                }
            }
            demo.signal(SIGTERM)
            #expect(try await demo.ending(within: .seconds(30)).status == 0)
        }
    }
}

@Suite struct `The demo of Arena` {
    @Test(arguments: Workplace.Storage.allCases)
    func `shows a battle, and a thread with its summary`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let ending = try await PressroomProcess.run(
                ["demo", "--arena", "--exit", "--speed", "20", "--output", "articles", "--port", "0", "--json"],
                environment: place.environment(["ARENA_TOKEN_SECRET": "a-secret-of-this-test-that-is-long-enough"]),
                in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let result = try ending.json()
            #expect(result["personas"] as? Int == 3)
            #expect(result["battleStatus"] as? String == "COMPLETE")
            #expect(["a", "b", "tie"].contains(result["winner"] as? String))
            #expect(try #require(result["turns"] as? Int) >= 2)
            #expect(result["replies"] as? Int == 4, "three personas and the author")
            #expect((result["summary"] as? String)?.isEmpty == false)
        }
    }
}

@Suite struct `The command generate` {
    @Test func `writes one article about a keyword and prints its path`() async throws {
        try await Workplace.with { place in
            let ending = try await PressroomProcess.run(
                ["generate", "--keyword", "sourdough starter", "--output", "out", "--speed", "50"], in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let path = ending.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let text = try String(contentsOf: place.folder.appending(path: path), encoding: .utf8)
            #expect(text.localizedCaseInsensitiveContains("sourdough"))
            #expect(text.localizedCaseInsensitiveContains("sandbox"))
        }
    }

    @Test(arguments: [("openai", 1), ("replicate", 1), ("none", 0)])
    func `has the picture painted by whom the settings name`(_ provider: String, _ pictures: Int) async throws {
        try await Workplace.with { place in
            let ending = try await PressroomProcess.run(
                ["generate", "--keyword", "sourdough starter", "--output", "out", "--speed", "50", "--json"],
                environment: place.environment(["IMAGE_PROVIDER": provider]), in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let path = try #require(try ending.json()["path"] as? String)
            let folder = place.folder.appending(path: path).deletingLastPathComponent()
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.count { $0.hasPrefix("image.") } == pictures, "\(files)")
        }
    }

    @Test func `takes a product file`() async throws {
        try await Workplace.with { place in
            let ending = try await PressroomProcess.run(
                [
                    "generate", "--product", "Examples/products/dynamo-light-set.json", "--output", "out", "--speed",
                    "50",
                    "--json",
                ], in: place.folder)

            #expect(ending.status == 0, "\(ending.errors)")
            let path = try #require(try ending.json()["path"] as? String)
            #expect(FileManager.default.fileExists(atPath: place.folder.appending(path: path).path))
        }
    }
}
