/// An angle for an article, as the model proposes it and the owner picks it.
package struct Idea: Sendable, Hashable, Codable {
    package var title: String
    /// Why it works.
    package var why: String
    package var audience: String
    /// Such as "how-to" or "list".
    package var format: String
    package var keywords: [String]

    package init(title: String, why: String = "", audience: String = "", format: String = "", keywords: [String] = []) {
        self.title = title
        self.why = why
        self.audience = audience
        self.format = format
        self.keywords = keywords
    }
}

/// What an owner answers to five ideas. Stored as the signal `selection#<round>`.
package enum Selection: Sendable, Hashable {
    /// Take the idea at `index`, counting from 0, under another title if one is given.
    case pick(index: Int, title: String?)
    /// Find five others; `hint` says what was missing.
    case regenerate(hint: String?)
}

extension Selection: Codable {
    private enum Key: String, CodingKey { case index, title, regenerate, hint }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Key.self)
        if try members.decodeIfPresent(Bool.self, forKey: .regenerate) == true {
            self = .regenerate(hint: try members.decodeIfPresent(String.self, forKey: .hint))
        } else {
            self = try .pick(
                index: members.decode(Int.self, forKey: .index),
                title: members.decodeIfPresent(String.self, forKey: .title))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Key.self)
        switch self {
        case .pick(let index, let title):
            try members.encode(index, forKey: .index)
            try members.encodeIfPresent(title, forKey: .title)
        case .regenerate(let hint):
            try members.encode(true, forKey: .regenerate)
            try members.encodeIfPresent(hint, forKey: .hint)
        }
    }
}
