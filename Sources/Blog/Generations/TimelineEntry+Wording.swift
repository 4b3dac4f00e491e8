import Database
import Engine
import ProductKit

extension BlogGenerations {
    /// What happened to a generation, oldest first; at most 500 entries.
    ///
    /// - Parameter after: the id of the last entry already seen; 0 for all.
    /// - Throws: `generation.not_found`.
    package func timeline(of id: JobID, in scope: Scope, after: Int64 = 0) async throws -> [TimelineEntry] {
        _ = try await engine.database.read { transaction in try GenerationRow.require(id, in: scope, transaction) }
        return try await engine.events(of: id, after: after).compactMap(TimelineEntry.init)
    }
}

extension TimelineEntry {
    /// Nil for what only the machine cares about.
    init?(_ event: JobEvent) {
        guard let kind = event.kind, let text = Wording.text(kind, step: event.step, detail: event.detail) else {
            return nil
        }
        self.init(
            id: event.id, at: Timestamp(milliseconds: Int64(event.at)), kind: kind.rawValue, step: event.step,
            text: text)
    }
}

/// Events in people's words.
private enum Wording {
    static func text(_ kind: JobEvent.Kind, step: String?, detail: String?) -> String? {
        let step = step.flatMap(BlogGeneration.Step.init(rawValue:))
        return switch kind {
        case .enqueued: "The request was accepted."
        case .started: step.flatMap(begun).map { "\($0)." }
        case .recorded: step.flatMap(done)
        case .waiting: waiting(for: detail)
        case .woken: woken(by: detail)
        case .retrying:
            "\(step.map(noun) ?? "A step") did not succeed (\(detail ?? "unknown")); it will be tried again."
        case .refused: "The provider asked everybody to slow down; \(step.map(noun) ?? "the step") waits."
        case .absorbed: "The picture failed (\(detail ?? "unknown")); the article goes on without it."
        case .released: "\(step.map(noun) ?? "A step") was handed to another worker."
        case .rescued: "A worker died; \(step.map(noun) ?? "the step") is taken over."
        case .rerouted: "\(step.map(noun) ?? "A step") goes to another account, where it waits less."
        case .succeeded: "Done."
        case .failed: "Failed (\(detail ?? "unknown"))."
        case .cancelled: "Cancelled by \(detail ?? "somebody")."
        case .retried: "Retried by \(detail ?? "somebody")."
        }
    }

    /// Nil for what repeats many times and says nothing new.
    private static func begun(_ step: BlogGeneration.Step) -> String? {
        switch step {
        case .source: "Reading the product"
        case .ideas: "Looking for five ideas"
        case .content: "Writing the article"
        case .image: "Ordering the picture"
        case .collect, .schedule: nil
        case .draft: "Making the draft"
        case .publish: "Publishing"
        }
    }

    /// Nil for what repeats many times and says nothing new.
    private static func done(_ step: BlogGeneration.Step) -> String? {
        switch step {
        case .source: "The product was read."
        case .ideas: "Five ideas were found."
        case .content: "The article was written."
        case .image: "The picture was ordered."
        case .collect, .schedule: nil
        case .draft: "The draft was made."
        case .publish: "The post was published."
        }
    }

    private static func waiting(for detail: String?) -> String? {
        guard let detail else { return nil }
        return detail.hasPrefix("selection#") ? "Waiting for somebody to choose an idea." : nil
    }

    private static func woken(by detail: String?) -> String? {
        guard let detail else { return nil }
        if detail.hasPrefix("selection#") { return "The ideas were answered." }
        return detail.hasPrefix("image#") ? "The image provider reported that the picture has ended." : nil
    }

    private static func noun(_ step: BlogGeneration.Step) -> String {
        switch step {
        case .source: "Reading the product"
        case .ideas: "Finding ideas"
        case .content: "Writing the article"
        case .image: "Ordering the picture"
        case .collect: "Fetching the picture"
        case .draft: "Making the draft"
        case .schedule: "Waiting for the time"
        case .publish: "Publishing"
        }
    }
}
