import Blog
import Engine
import Foundation
import HTTPTypes
import Hummingbird

/// `GET /api/blog-generation/{id}/events`: what happens to one generation, as it happens.
///
/// Each entry of the timeline is an event `timeline` with its id; after them an event `generation` carries the summary.
/// A client that comes back with `Last-Event-ID` gets what it missed. When the generation has ended the stream sends
/// `end` and closes; coming back after that is answered with 204, which tells an `EventSource` to stop.
struct GenerationEvents: Readable {
    static let path = "/api/blog-generation/{id}/events"
    let generations: BlogGenerations
    let authentication: Authentication
    let stream: EventStream

    func get(_ call: Call) async throws -> Response {
        let (scope, _) = try await authentication.scope(of: call)
        let id = try call.generationID()
        let seen = try call.lastEventID()
        let summary = try await generations.find(id, in: scope).summary
        if summary.status.hasEnded, seen > 0,
            try await generations.timeline(of: id, in: scope, after: seen).isEmpty
        {
            return Response(status: .noContent)
        }
        let follower = GenerationFollower(id: id, scope: scope, generations: generations, seen: seen)
        return try stream.response(to: call, on: .job(id)) { news in try await follower.step(news) }
    }
}

/// Where one stream stands in its generation's timeline.
actor GenerationFollower {
    private let id: JobID
    private let scope: Scope
    private let generations: BlogGenerations
    private var seen: Int64
    private var hasBegun = false

    init(id: JobID, scope: Scope, generations: BlogGenerations, seen: Int64) {
        self.id = id
        self.scope = scope
        self.generations = generations
        self.seen = seen
    }

    func step(_ news: EventSubscription.News) async throws -> StreamStep {
        guard !news.isEmpty || !hasBegun else { return .send([]) }
        hasBegun = true
        // The summary comes first: an entry written in between is then sent with the next step, never lost.
        guard let summary = try await generations.summaries(of: [id], in: scope).first else {
            return .finish([ServerSentEvent(name: "end", data: "{}")])
        }
        let entries = try await generations.timeline(of: id, in: scope, after: seen)
        seen = max(seen, entries.last?.id ?? 0)
        var events = try entries.map {
            try ServerSentEvent(id: "\($0.id)", name: "timeline", data: Self.json($0))
        }
        events.append(ServerSentEvent(name: "generation", data: try Self.json(summary)))
        guard summary.status.hasEnded else { return .send(events) }
        events.append(ServerSentEvent(name: "end", data: #"{"status":"\#(summary.status.rawValue)"}"#))
        return .finish(events)
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension Call {
    /// How far a client that comes back has read: the header that an `EventSource` sends, or `?lastEventId=`; 0 for
    /// nothing.
    func lastEventID() throws -> Int64 {
        guard let text = header(.lastEventID) ?? query("lastEventId") else { return 0 }
        guard let id = Int64(text), id >= 0 else { throw Problem.badQuery("lastEventId", "is the id of an event.") }
        return id
    }
}
