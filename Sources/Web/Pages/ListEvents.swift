import Blog
import Engine
import Hummingbird

/// `GET /changes`: rings when any generation has changed, for the list; at most about twice a second.
struct ListEvents: Readable {
    static let path = "/changes"
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
