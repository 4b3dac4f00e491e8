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
