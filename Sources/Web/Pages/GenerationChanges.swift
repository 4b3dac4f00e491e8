import Blog
import Engine
import Hummingbird

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
