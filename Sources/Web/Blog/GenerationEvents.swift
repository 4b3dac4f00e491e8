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

extension Call {
    /// How far a client that comes back has read: the header that an `EventSource` sends, or `?lastEventId=`; 0 for
    /// nothing.
    func lastEventID() throws -> Int64 {
        guard let text = header(.lastEventID) ?? query("lastEventId") else { return 0 }
        guard let id = Int64(text), id >= 0 else { throw Problem.badQuery("lastEventId", "is the id of an event.") }
        return id
    }
}
