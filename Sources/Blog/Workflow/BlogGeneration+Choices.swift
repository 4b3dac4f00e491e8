import Engine

/// What the recorded results and signals say together.
extension BlogGeneration {
    func product(of brief: Brief, _ done: Done) throws -> Product? {
        if let product = brief.product { return product }
        return brief.sourceType == .product ? try done.result(of: .source) : nil
    }

    /// The idea to write about: the one given with the request, else the owner's pick of the newest round, else its first.
    func idea(for brief: Brief, _ done: Done) throws -> Idea {
        if let given = brief.selectedIdea { return given }
        let round = done.rounds(of: .ideas)
        guard let ideas = try done.result(of: .ideas, round: round, as: Ideas.self)?.ideas, let first = ideas.first
        else {
            throw StepFailure(
                code: "content.no_idea", message: "There is no idea to write about.",
                hint: "Start a new request; this one's ideas are missing.", retry: .never)
        }
        guard let signal = done.signal(Self.selectionSignal(round: round)),
            case .pick(let index, let title) = try signal.decode(as: Selection.self), ideas.indices.contains(index)
        else { return first }
        var idea = ideas[index]
        idea.title = title ?? idea.title
        return idea
    }

    /// What the owner missed in the round before this one.
    func hint(forRound round: Int, _ done: Done) throws -> String? {
        guard round > 1, let signal = done.signal(Self.selectionSignal(round: round - 1)),
            case .regenerate(let hint) = try signal.decode(as: Selection.self)
        else { return nil }
        return hint
    }
}
