/// An account at some provider of language models: whom to ask, and what the models are called there.
package struct ModelAccount: Sendable {
    package var model: any LanguageModel
    /// By the name that a model has at the first account; what is not listed is called the same.
    package var names: [String: String]

    package init(_ model: any LanguageModel, names: [String: String] = [:]) {
        self.model = model
        self.names = names
    }

    /// The prompt as it is put to this account.
    package func addressing(_ prompt: Prompt) -> Prompt {
        guard let name = names[prompt.model] else { return prompt }
        var prompt = prompt
        prompt.model = name
        return prompt
    }
}

extension ProviderError {
    /// Whether no other call of the account would fare better, until an operator has done something: it has no credit, its
    /// key is not accepted, or it has no such model.
    package var shutsAccount: Bool {
        switch code {
        case .quotaExhausted, .unauthorized, .modelNotFound: true
        default: false
        }
    }
}
