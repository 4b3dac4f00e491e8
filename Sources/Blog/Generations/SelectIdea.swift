import Database
import Engine
import ProductKit

extension BlogGenerations {
    /// Takes one of the ideas, or asks for five others.
    ///
    /// A pick may come before the ideas exist. The same answer again changes nothing and succeeds. Other ideas can be asked
    /// for only while some are there to choose from, and while new ones are on their way nothing can be picked: the owner
    /// would be choosing among ideas that nobody has seen.
    /// - Throws: `generation.not_found`; `selection.out_of_range`; `selection.wrong_state`; `selection.exhausted` after
    ///   ten rounds; `validation.failed`.
    package func select(
        _ selection: Selection, for id: JobID, in scope: Scope, by person: String
    ) async throws -> GenerationSummary {
        try selection.checked()
        let json = try StoredJSON.text(selection)
        return try await refusing {
            try await engine.transaction { transaction, wakes in
                let row = try GenerationRow.require(id, in: scope, transaction)
                if try row.isAnswered(with: selection) { return }
                try row.requireOpen(for: selection)
                let round = row.selectionRound
                let outcome = try engine.signal(
                    id, BlogGeneration.selectionSignal(round: round), payload: json, by: person, in: transaction,
                    waking: wakes)
                switch outcome {
                case .woke: break
                case .tooLate: throw BlogError.selectionTaken
                case .early:
                    // The signal has locked the job: only now does its row stand still.
                    let fresh = try GenerationRow.require(id, in: scope, transaction)
                    guard fresh.selectionRound == round else { throw BlogError.selectionTaken }
                    try fresh.requireOpen(for: selection)
                }
                try store(selection, json, of: id, in: transaction)
            }
            return try await self.summary(of: id, in: scope)
        }
    }

    /// - Throws: `generation.not_found`.
    func summary(of id: JobID, in scope: Scope) async throws -> GenerationSummary {
        guard let summary = try await summaries(of: [id], in: scope).first else { throw BlogError.notFound }
        return summary
    }

    private func store(
        _ selection: Selection, _ json: String, of id: JobID, in transaction: borrowing Transaction
    ) throws {
        let now = try transaction.now()
        let change: SQL =
            switch selection {
            case .pick: "selection = \(json)"
            case .regenerate: "selection_round = selection_round + 1"
            }
        try transaction.execute(
            "update blog_generations set \(change), updated_at = \(timestamp: now) where id = \(id)")
    }
}

extension GenerationRow {
    /// Whether this very answer was given before.
    func isAnswered(with asked: Selection) throws -> Bool {
        switch asked {
        case .pick: try selection.map { try StoredJSON.value($0, as: Selection.self) == asked } ?? false
        case .regenerate: status == .awaitingSelection && selection == nil && ideasRound < selectionRound
        }
    }

    func requireOpen(for asked: Selection) throws {
        guard status.isOpenForSelection, selection == nil else { throw BlogError.selectionClosed(status) }
        let request: GenerationRequest = try StoredJSON.value(request)
        guard request.selectedIdea == nil else { throw BlogError.ideaGiven }
        switch asked {
        case .pick:
            guard ideasRound == 0 || ideasRound >= selectionRound else { throw BlogError.ideasOnTheirWay }
        case .regenerate:
            guard ideasRound >= selectionRound else { throw BlogError.nothingToRegenerate }
            guard selectionRound < Selection.roundsMax else { throw BlogError.selectionExhausted }
        }
    }
}

extension BlogError {
    static func selectionClosed(_ status: GenerationStatus) -> BlogError {
        BlogError(
            .selectionWrongState, "No idea can be chosen: the generation is \(status.rawValue).",
            hint: "Ideas are chosen until the article is begun. For another article start a new request.")
    }
    static let ideaGiven = BlogError(
        .selectionWrongState, "The request brought its idea with it; there is nothing to choose.",
        hint: "For another article start a new request.")
    static let selectionTaken = BlogError(
        .selectionWrongState, "The ideas were answered in the meantime.", hint: "Look at the generation again.")
    static let ideasOnTheirWay = BlogError(
        .selectionWrongState, "New ideas are on their way.", hint: "Choose among them once they are there.")
    static let nothingToRegenerate = BlogError(
        .selectionWrongState, "There are no ideas yet.", hint: "Ask for others once the first are there.")
    static let selectionExhausted = BlogError(
        .selectionExhausted, "Ideas were made \(Selection.roundsMax) times; no more are made for this request.",
        hint: "Choose one of those that are there, or start a new request with other words.")
}
