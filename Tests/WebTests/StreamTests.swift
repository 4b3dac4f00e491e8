import Blog
import Engine
import HTTPTypes
import Testing

@testable import Web

@Suite struct `A stream of events` {
    @Test func `tells everything from the beginning, and ends with the generation`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough", autoSelect: true)
            try await world.serve { port in
                try await RawConnection.with(port: port) { connection in
                    try await connection.get("/api/blog-generation/\(id)/events", key: world.bakeryKey)
                    #expect(try await connection.sees("event: generation"))

                    try await world.working { try await world.wait(for: id, in: .done) }

                    #expect(try await connection.sees("event: end", within: 10))
                    let text = await connection.text
                    #expect(
                        text.contains("content-type: text/event-stream")
                            || text.contains("Content-Type: text/event-stream"))
                    let ids = text.eventIDs
                    #expect(!ids.isEmpty && ids == ids.sorted() && Set(ids).count == ids.count)
                    #expect(ids.count == (try await world.generations.timeline(of: id, in: .allSites)).count)
                }
            }
        }
    }

    @Test func `goes on after the last event that was seen`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough", autoSelect: true)
            try await world.working { try await world.wait(for: id, in: .done) }
            let all = try await world.generations.timeline(of: id, in: .allSites).map(\.id)
            try await world.serve { port in
                let path = "/api/blog-generation/\(id)/events"
                let resumed = try await RawConnection.with(port: port) { connection in
                    try await connection.get(path, key: world.bakeryKey, more: "Last-Event-ID: \(all[2])\r\n")
                    #expect(try await connection.sees("event: end"))
                    return await connection.text.eventIDs
                }
                #expect(resumed == Array(all.dropFirst(3)))

                try await RawConnection.with(port: port) { connection in
                    try await connection.get(path, key: world.bakeryKey, more: "Last-Event-ID: \(all.last ?? 0)\r\n")
                    #expect(try await connection.sees("204 No Content"))
                }
            }
        }
    }

    @Test func `ends at once when the server stops`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            let clock = ContinuousClock()
            let stopping = AsyncStream<ContinuousClock.Instant>.makeStream()
            try await withThrowingTaskGroup { group in
                let ports = AsyncStream<Int>.makeStream()
                group.addTask {
                    try await world.serve { port in
                        ports.continuation.yield(port)
                        try await Task.sleep(for: .milliseconds(500))
                        stopping.continuation.yield(clock.now)
                    }
                }
                for await port in ports.stream {
                    try await RawConnection.with(port: port) { connection in
                        try await connection.get("/api/blog-generation/\(id)/events", key: world.bakeryKey)
                        #expect(try await connection.sees("event: generation"))
                        #expect(try await connection.isClosed(within: 10))
                    }
                    break
                }
                try await group.waitForAll()
            }
            for await began in stopping.stream {
                #expect(began.duration(to: clock.now) < .seconds(2))
                break
            }
        }
    }

    @Test func `frees its place when the client leaves`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.serveCounting { port, listeners in
                try await RawConnection.with(port: port) { connection in
                    try await connection.get("/api/blog-generation/\(id)/events", key: world.bakeryKey)
                    #expect(try await connection.sees("event: generation"))
                    #expect(listeners() == 1)
                }
                for _ in 0..<200 where listeners() > 0 { try await Task.sleep(for: .milliseconds(10)) }
                #expect(listeners() == 0)
            }
        }
    }

    @Test func `is refused when too many are open`() async throws {
        try await WebWorld.with(configure: { web, _ in web.limits.streamsMax = 0 }) { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                let answer = try await browser.api(.get, "/api/blog-generation/\(id)/events")
                #expect(answer.status == 503)
                #expect(answer.code == "server.too_many_streams")
            }
        }
    }

    @Test func `of the list rings when something changes`() async throws {
        try await WebWorld.with { world in
            try await world.serve { port in
                try await RawConnection.with(port: port) { connection in
                    try await connection.send("GET /changes HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    #expect(try await connection.sees("event: change"))
                    let before = await connection.text.count
                    try await Task.sleep(for: .milliseconds(600))

                    _ = try await world.submit("sourdough")

                    for _ in 0..<100 where await connection.text.count == before {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    #expect(await connection.text.count > before)
                }
            }
        }
    }
}

extension RawConnection {
    func get(_ path: String, key: String, more: String = "") async throws {
        try await send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\n\(more)\r\n")
    }
}

extension String {
    fileprivate var eventIDs: [Int64] {
        split(whereSeparator: \.isNewline).compactMap { line in
            line.hasPrefix("id: ") ? Int64(line.dropFirst(4)) : nil
        }
    }
}
