import Blog
import Engine
import Hummingbird

/// `GET /events`: rings when any generation has changed, for the list; at most about twice a second.
struct ListEvents: Readable {
    static let path = "/events"
    let guardian: PageGuard
    let stream: EventStream
    let timing: Timing

    func get(_ call: Call) async throws -> Response {
        try guardian.admit(call)
        let clock = timing.clock
        return try stream.response(to: call, on: .allJobs) { news in
            // What happens during the pause is part of the next ring.
            try await clock.sleep(for: .milliseconds(400))
            // Without news the expectations have grown old: a heartbeat refreshes them too.
            return .send([ServerSentEvent(name: "change", data: "\(news.jobs.count)")])
        }
    }
}

/// `GET /generations/{id}/changes`: rings when this generation has changed, and ends with it.
struct GenerationChanges: Readable {
    static let path = "/generations/{id}/changes"
    let kit: PageKit
    let stream: EventStream

    func get(_ call: Call) async throws -> Response {
        try kit.guardian.admit(call)
        let id = try call.generationID()
        let generations = kit.generations
        _ = try await generations.find(id, in: .allSites)
        return try stream.response(to: call, on: .job(id)) { _ in
            guard let summary = try await generations.summaries(of: [id], in: .allSites).first,
                !summary.status.hasEnded
            else { return .finish([ServerSentEvent(name: "end", data: "1")]) }
            return .send([ServerSentEvent(name: "change", data: "1")])
        }
    }
}
