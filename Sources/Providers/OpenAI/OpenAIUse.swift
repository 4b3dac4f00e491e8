/// What an endpoint of OpenAI's protocol is asked for: its failures are the same, but not what to do about them.
enum OpenAIUse: Sendable {
    case texts
    case pictures

    /// As it stands in messages, after "the".
    var name: String {
        switch self {
        case .texts: "language model"
        case .pictures: "image model"
        }
    }

    var adviceWithoutCredit: String {
        switch self {
        case .texts:
            "Add credit or raise the budget at the provider, then resume its pool, such as: pressroom pools resume model"
        case .pictures: "Add credit or raise the budget at the provider; until then articles have no pictures."
        }
    }

    var adviceWhenTooLarge: String {
        switch self {
        case .texts: "Ask for fewer words, or use a model with a larger limit."
        case .pictures: "Use a model that takes longer prompts."
        }
    }

    var adviceForTheDay: String {
        switch self {
        case .texts: "What waits goes on when the day ends; or raise the limit and resume the pool."
        case .pictures: "Raise the limit at the provider; until the day ends articles have no pictures."
        }
    }

    var adviceWhenRejected: String {
        switch self {
        case .texts: "Check the model's name and the endpoint's capabilities in the configuration."
        case .pictures: "Check the image model's name and the size: which sizes are drawn differs between models."
        }
    }
}
