import Blog
import Engine
import Foundation

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
