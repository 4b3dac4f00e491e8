import Blog
import Engine

/// An idea as a card, with a form while it can be picked.
struct IdeaView: Sendable {
    let generation: String
    let index: Int
    let title: String
    let why: String?
    let format: String?
    let audience: String?
    let keywords: String?
    let canSelect: Bool
    let isChosen: Bool

    static func all(of detail: GenerationDetail, canSelect: Bool) -> [IdeaView] {
        var chosen: Int?
        if case .pick(let index, _)? = detail.selection { chosen = index }
        return detail.ideas.enumerated().map { index, idea in
            IdeaView(
                generation: detail.summary.id.description, index: index, title: idea.title, why: idea.why.nonEmpty,
                format: idea.format.nonEmpty, audience: idea.audience.nonEmpty,
                keywords: idea.keywords.joined(separator: ", ").nonEmpty,
                canSelect: canSelect, isChosen: index == chosen)
        }
    }
}
