import Blog
import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Web

private let sourdough = #"{"sourceType":"keyword","sourceId":"sourdough starter"}"#

@Suite struct `A submission` {
    @Test func `is answered with its id, place and expectation`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.api(.post, "/api/blog-generation", body: sourdough)

                let id = try #require(answer.json["id"] as? String)
                #expect(answer.status == 201)
                #expect(answer.json["status"] as? String == "PENDING")
                #expect(answer.headers[.location] == "/api/blog-generation/\(id)")
                let found = try await browser.api(.get, "/api/blog-generation/\(id)")
                #expect(found.json["id"] as? String == id)
                #expect(found.json["sourceId"] as? String == "sourdough starter")
                #expect(found.json["timeline"] is [Any])
            }
        }
    }

    @Test func `with the same Idempotency-Key is stored once`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let key: HTTPFields = [.idempotencyKey: #""8e03978e-40d5-43dd""#]

                let first = try await browser.api(.post, "/api/blog-generation", body: sourdough, headers: key)
                let again = try await browser.api(.post, "/api/blog-generation", body: sourdough, headers: key)
                let other = try await browser.api(
                    .post, "/api/blog-generation", body: #"{"sourceType":"keyword","sourceId":"rye"}"#, headers: key)

                #expect(first.status == 201 && again.status == 201)
                #expect(first.json["id"] as? String == again.json["id"] as? String)
                #expect(first.headers[.idempotencyReplayed] == nil && again.headers[.idempotencyReplayed] == "true")
                #expect(other.status == 422)
                #expect(other.code == "idempotency.mismatch")
                #expect(try await browser.world.engine.queueSize() == 1)
            }
        }
    }

    @Test func `is sent away when the queue is full, with a time to come back`() async throws {
        try await WebWorld.with(configure: { _, limits in limits.queueSizeMax = 2 }) { world in
            try await world.test { browser in
                var answers: [Answer] = []
                for _ in 0..<3 { answers.append(try await browser.api(.post, "/api/blog-generation", body: sourdough)) }

                let last = answers[2]
                #expect(answers[0].status == 201)
                #expect(last.status == 503)
                #expect(last.code == "queue.full")
                #expect(last.headers[.retryAfter].flatMap { Int($0) } ?? 0 >= 1)
                for member in ["error", "message", "queueSize", "estimatedWaitMinutes"] {
                    #expect(last.json[member] != nil, "\(member)")
                }
            }
        }
    }
}

@Suite struct `A generation` {
    @Test func `waits for its owner, takes one idea and refuses what comes too late`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.working {
                try await world.wait(for: id, in: .awaitingSelection)
                try await world.test { browser in
                    let path = "/api/blog-generation/\(id)"

                    let outside = try await browser.api(.post, "\(path)/select-idea", body: #"{"index":9}"#)
                    let unknown = try await browser.api(.post, "\(path)/select-idea", body: #"{"indexx":1}"#)
                    let taken = try await browser.api(.post, "\(path)/select-idea", body: #"{"index":1}"#)
                    let again = try await browser.api(.post, "\(path)/select-idea", body: #"{"index":1}"#)
                    let other = try await browser.api(.post, "\(path)/select-idea", body: #"{"index":2}"#)

                    #expect(outside.status == 409 || outside.status == 422)
                    #expect(unknown.status == 422)
                    #expect(taken.status == 200 && again.status == 200)
                    #expect(other.status == 409)
                    #expect(other.code == "selection.wrong_state")
                }
                try await world.wait(for: id, in: .done)
            }
            try await world.test { browser in
                let late = try await browser.api(.post, "/api/blog-generation/\(id)/cancel")
                #expect(late.status == 409)
                #expect(late.code == "generation.wrong_state")
            }
        }
    }

    @Test func `is cancelled once and can be tried again`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                let path = "/api/blog-generation/\(id)"

                let early = try await browser.api(.post, "\(path)/retry")
                let cancelled = try await browser.api(.post, "\(path)/cancel")
                let retried = try await browser.api(.post, "\(path)/retry")

                #expect(early.status == 409)
                #expect(cancelled.json["status"] as? String == "CANCELLED")
                #expect(retried.status == 200)
                #expect(retried.json["status"] as? String != "CANCELLED")
            }
        }
    }

    @Test func `list goes page by page without a gap`() async throws {
        try await WebWorld.with { world in
            var ids: [String] = []
            for number in 1...5 { ids.append(try await world.submit("keyword \(number)").description) }
            let submitted = ids
            try await world.test { browser in
                var seen: [String] = []
                var cursor: String?
                repeat {
                    let suffix = cursor.map { "&cursor=\($0)" } ?? ""
                    let page = try await browser.api(.get, "/api/blog-generation?limit=2\(suffix)")
                    seen += (page.json["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
                    cursor = page.json["nextCursor"] as? String
                } while cursor != nil

                #expect(seen == submitted.reversed())
            }
        }
    }
}
