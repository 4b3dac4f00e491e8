/// Writes completions: the text, what a fault makes of it, and the usage.
struct ChatWriter {
    let configuration: SandboxConfiguration

    func completion(for request: ChatRequest, id: String, created: Int, fault: Fault?) -> ChatCompletion {
        let brief = Brief(reading: request.messages)
        let prompt = request.prompt
        let choices = (0..<request.choices).map { index in
            // Same seed and same prompt, same text; further choices differ.
            let seed = Chance.hash(prompt, seed: configuration.seed &+ UInt64(index))
            let text = text(for: request, brief: brief, prompt: prompt, seed: seed)
            return choice(text, spoiledBy: fault, tokensMax: request.tokensMax)
        }
        return ChatCompletion(
            id: id, created: created, model: Self.snapshot(of: request.model), choices: choices,
            usage: usage(of: choices, for: request, prompt: prompt))
    }

    private func text(for request: ChatRequest, brief: Brief, prompt: String, seed: UInt64) -> String {
        if let name = request.schema?.name,
            let answer = VoiceWriter.answer(to: name, messages: request.messages, seed: seed)
        {
            return answer.json
        }
        if let schema = request.schema?.schema {
            return SchemaAnswer.answer(to: schema, brief: brief, prompt: prompt, seed: seed).json
        }
        let text = ChatAnswer.text(for: brief, seed: seed)
        return request.wantsJSONObject ? (["answer": .string(text)] as JSONValue).json : text
    }

    private func choice(_ text: String, spoiledBy fault: Fault?, tokensMax: Int?) -> ChatCompletion.Choice {
        switch fault {
        case .refusal: return .init(text: "", refusal: "I'm sorry, but I can't help with that request.")
        case .contentFilter: return .init(text: "", finishReason: "content_filter")
        case .length: return .init(text: String(text.prefix(text.count / 2)), finishReason: "length")
        case .badJSON: return .init(text: String(text.prefix(text.count * 2 / 3)) + "…")
        case .wrongSchema: return .init(text: Self.misfit(text))
        default: break
        }
        guard let tokensMax, Tokens.count(text) > tokensMax else { return .init(text: text) }
        return .init(text: String(text.prefix(tokensMax * 4)), finishReason: "length")
    }

    /// Valid JSON that lacks a member and has a strange one.
    private static func misfit(_ text: String) -> String {
        guard case .object(var object)? = try? JSONValue(parsing: Array(text.utf8)) else {
            return #"{"unexpected":true}"#  // Not JSON to begin with, so any object is a misfit.
        }
        if !object.members.isEmpty { object.members.removeFirst() }
        object["unexpected"] = true
        return JSONValue.object(object).json
    }

    private func usage(of choices: [ChatCompletion.Choice], for request: ChatRequest, prompt: String)
        -> ChatCompletion.Usage
    {
        let promptTokens = request.promptTokensAtAdmission
        let written = choices.reduce(0) { $0 + max(1, Tokens.count($1.text)) }
        guard let total = idealTotal(of: request, prompt: prompt) else {
            return .init(promptTokens: promptTokens, completionTokens: written)
        }
        let most = configuration.chargesUse ? Int.max : request.tokensMax ?? .max
        let completion = min(max(written, total - promptTokens), max(written, most))
        return .init(promptTokens: promptTokens, completionTokens: completion)
    }

    /// All the tokens that a call of this kind uses, drawn from its prompt; nil when they are counted instead.
    func idealTotal(of request: ChatRequest, prompt: String) -> Int? {
        guard configuration.idealTokens, let booked = Self.booked(request.operation) else { return nil }
        var chance = Chance(seed: configuration.seed, about: prompt)
        let spread = configuration.tokenSpread * (2 * chance.unit() - 1)
        return max(1, Int((Double(booked) * (1 + configuration.tokenBias) * (1 + spread)).rounded()))
    }

    /// Tokens that a call of this kind costs on the whole, as the product books it.
    private static func booked(_ operation: Operation) -> Int? {
        switch operation {
        case .ideas: 2000
        case .article: 4000
        default: nil
        }
    }

    /// Services answer with the dated name of what they ran.
    static func snapshot(of model: String) -> String {
        let tail = model.suffix(10)
        let isDated = tail.count == 10 && tail.allSatisfy { $0.isNumber || $0 == "-" } && tail.contains("-")
        return isDated ? model : model + "-2026-01-15"
    }
}
