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
    /// Whether it says of an account that stands in for another one that it cannot: by its key, or by what it calls its
    /// models.
    package var shutsStandIn: Bool { code == .unauthorized || code == .modelNotFound }
}
