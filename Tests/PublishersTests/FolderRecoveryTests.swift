import Foundation
import Testing

@testable import Publishers

@Suite struct `A folder after a crash` {
    let deadline = Duration.seconds(10)

    @Test func `forgets a post that was not yet in place`() async throws {
        try await Fixture.with { fixture in
            let half = "\(fixture.root)/bakery/.pressroom/incoming"
            try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: true)
            try "half".write(toFile: "\(half)/index.html", atomically: false, encoding: .utf8)

            _ = try await fixture.publisher().createDraft(.make(image: false), marker: "g1", deadline: deadline)

            #expect(try fixture.names("bakery/.pressroom") == ["lock", "log.ndjson"])
            #expect(try fixture.names("bakery/why-rye-rises-slowly") == ["index.html", "index.md"])
        }
    }

    @Test func `completes what a repeated call finds half done`() async throws {
        try await Fixture.with { fixture in
            let publisher = fixture.publisher()
            let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
            for file in [".pressroom/log.ndjson", "index.html", "\(draft.id)/index.html"] {
                try FileManager.default.removeItem(atPath: "\(fixture.root)/bakery/\(file)")
            }

            let again = try await fixture.publisher().createDraft(.make(), marker: "g1", deadline: deadline)

            #expect(again == draft)
            #expect(fixture.exists("bakery/index.html") && fixture.exists("bakery/\(draft.id)/index.html"))
            #expect(try fixture.events() == ["created why-rye-rises-slowly g1"])
        }
    }

    @Test func `ends a line that was cut off before it writes the next`() async throws {
        try await Fixture.with { fixture in
            let publisher = fixture.publisher()
            _ = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
            let log = "\(fixture.root)/bakery/.pressroom/log.ndjson"
            let whole = try fixture.read("bakery/.pressroom/log.ndjson")
            try (whole + "{\"event\":\"crea").write(toFile: log, atomically: true, encoding: .utf8)

            _ = try await publisher.createDraft(.make(slug: "second"), marker: "g2", deadline: deadline)

            let lines = try fixture.read("bakery/.pressroom/log.ndjson").split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[2].hasPrefix(#"{"event":"created","slug":"second","marker":"g2""#))
        }
    }

    @Test func `logs a publication that was done but not logged`() async throws {
        try await Fixture.with { fixture in
            let publisher = fixture.publisher()
            let draft = try await publisher.createDraft(.make(), marker: "g1", deadline: deadline)
            let path = "bakery/\(draft.id)/index.md"
            try fixture.read(path).replacing("draft: true", with: "draft: false")
                .write(toFile: "\(fixture.root)/\(path)", atomically: true, encoding: .utf8)

            _ = try await publisher.publish(draft.id, deadline: deadline)
            _ = try await publisher.publish(draft.id, deadline: deadline)

            #expect(try fixture.events().count == 2)
            #expect(try fixture.read("bakery/index.html").contains(">Published<"))
        }
    }
}

@Suite struct `Several publishers of one folder` {
    @Test func `lose nothing and double nothing`() async throws {
        try await Fixture.with { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        // Each with its own lock and memory, as separate processes have; every marker twice.
                        let publisher = fixture.publisher()
                        let draft = try await publisher.createDraft(
                            .make(image: false), marker: "g\(number / 2)", deadline: .seconds(20))
                        _ = try await publisher.publish(draft.id, deadline: .seconds(20))
                    }
                }
                try await group.waitForAll()
            }

            let posts = try fixture.names("bakery").filter { $0.hasPrefix("why-rye") }
            let events = try fixture.events()
            let index = try fixture.read("bakery/index.html")
            #expect(posts.count == 20)
            #expect(Set(events).count == 40 && events.count == 40)
            #expect(posts.allSatisfy { index.contains("\"\($0)/index.html\"") })
            #expect(index.contains("20 published"))
        }
    }

    @Test func `give up on a lock that is never given back`() async throws {
        try await Fixture.with { fixture in
            _ = try await fixture.publisher().checkConnection(deadline: .seconds(5))
            let held = open("\(fixture.root)/bakery/.pressroom/lock", O_RDWR)
            defer { close(held) }
            #expect(flock(held, LOCK_EX) == 0)

            let error = await #expect(throws: PublisherError.self) {
                try await fixture.publisher().createDraft(.make(), marker: "g1", deadline: .milliseconds(100))
            }

            #expect(error?.code == .busy)
            #expect(error?.retry == .backoff)
        }
    }
}
