import Engine
import Logging
import Providers

/// Asks the model within a step, pays, and says in the engine's words what went wrong.
package struct ModelCall: Sendable {
    let model: any LanguageModel
    /// Who is asked instead where a step draws on another pool than the model's own, by that pool.
    let otherAccounts: [PoolName: ModelAccount]
    let terms: Terms
    private let measuredOutput = MeasuredOutput()

    package init(_ model: any LanguageModel, otherAccounts: [PoolName: ModelAccount] = [:], terms: Terms) {
        self.model = model
        self.otherAccounts = otherAccounts
        self.terms = terms
    }

    /// What a product has to say of its calls.
    package struct Terms: Sendable {
        /// Who is paid, as the ledger names them.
        package var provider: String
        package var prices: ModelPrices
        /// How long a pool rests after a refusal that does not say.
        package var defaultPause: Duration
        /// What becomes of a step whose model has answered twice, and neither answer can be used.
        package var unusable: @Sendable ([JSONSchema.Problem]) -> StepFailure

        package init(
            provider: String, prices: ModelPrices, defaultPause: Duration,
            unusable: @escaping @Sendable ([JSONSchema.Problem]) -> StepFailure
        ) {
            self.provider = provider
            self.prices = prices
            self.defaultPause = defaultPause
            self.unusable = unusable
        }
    }

    /// A value that the model has made.
    package struct Answer<Value: Sendable>: Sendable {
        package let value: Value
        /// The model that wrote it, as the provider names it.
        package let model: String
        package let wasRepaired: Bool
    }

    /// Asks for a value of the prompt's shape, and once more with what is wrong when the answer cannot be used.
    ///
    /// - Parameter name: the step, as failpoints name it.
    /// - Parameter check: what is wrong with a value that has the shape.
    /// - Parameter isUsable: whether a repaired value that is still not perfect will do.
    package func ask<Value: Decodable & Sendable>(
        _ name: String, _ prompt: Prompt, as type: Value.Type = Value.self, in context: StepContext,
        check: (Value) -> [JSONSchema.Problem] = { _ in [] }, isUsable: (Value) -> Bool = { _ in false }
    ) async throws -> Answer<Value> {
        let timeLeft = context.countdown()
        let schema = prompt.schema ?? .object([:])
        let first = try await complete(prompt, name, timeLeft, in: context)
        let problems: [JSONSchema.Problem]
        switch first.decode(Value.self, matching: schema) {
        case .valid(let value):
            problems = check(value)
            if problems.isEmpty { return Answer(value: value, model: first.model, wasRepaired: false) }
        case .invalid(let found): problems = found
        }
        context.logger.notice("answer needs repair", metadata: ["problems": "\(problems.map(\.description))"])
        let second = try await complete(
            prompt.repairing(first.content, problems: problems), "\(name).repair", timeLeft, in: context)
        switch second.decode(Value.self, matching: schema) {
        case .valid(let value):
            let left = check(value)
            guard left.isEmpty || isUsable(value) else { throw terms.unusable(left) }
            return Answer(value: value, model: second.model, wasRepaired: true)
        case .invalid(let problems): throw terms.unusable(problems)
        }
    }

    /// One completion. An answer that was cut off fails the attempt, and the next attempt, with time and a permit of its
    /// own, leaves twice the room; if that was not enough either, no other will do.
    private func complete(
        _ prompt: Prompt, _ name: String, _ timeLeft: () -> Duration, in context: StepContext
    ) async throws -> Completion {
        let account = otherAccounts[context.pool] ?? ModelAccount(model)
        let planned = account.addressing(prompt)
        let subject = MeasuredOutput.Subject(question: name, model: planned.model)
        var prompt = planned
        let isFirst = context.attempt == 1
        prompt.outputTokensMax =
            isFirst
            ? measuredOutput.limit(of: subject, atMost: planned.outputTokensMax)
            : max(planned.outputTokensMax, min(2 * planned.outputTokensMax, Self.largestLimit))
        try context.failpoints.pass("\(name).beforeSend")
        let completion: Completion
        do {
            completion = try await send(prompt, to: account.model, deadline: timeLeft(), in: context)
        } catch let error as ProviderError {
            if error.code == .truncated {
                measuredOutput.noteCutOff(of: subject)
                context.logger.notice("answer was cut off", metadata: ["tokensMax": "\(prompt.outputTokensMax)"])
                if !isFirst { throw Self.cutOffAgain(error) }
            }
            throw StepFailure(error, defaultPause: terms.defaultPause, isVital: true)
        }
        if let use = completion.usage {
            measuredOutput.note(use.outputTokens - use.reasoningTokens, of: subject, planned: planned.outputTokensMax)
        }
        try context.failpoints.pass("\(name).received")
        return completion
    }

    /// What models of these years write at most in one answer, less a little.
    private static let largestLimit = 16_000

    private static func cutOffAgain(_ error: ProviderError) -> StepFailure {
        StepFailure(
            code: error.code.rawValue, message: "The answer was cut off again, although it had twice the room.",
            hint: "Ask for a shorter text, let the model think less (OPENAI_REASONING_EFFORT), or choose another.",
            retry: .never, cause: error)
    }

    /// One call, paid for in the meter whether or not its answer is of use.
    private func send(
        _ prompt: Prompt, to model: any LanguageModel, deadline: Duration, in context: StepContext
    ) async throws -> Completion {
        do {
            let completion = try await model.complete(prompt, deadline: deadline)
            context.meter.note(ReportedLimits(completion.rateLimits))
            pay(completion.usage ?? prompt.likelyUse, for: prompt.model, in: context)
            return completion
        } catch let error as ProviderError {
            context.meter.note(ReportedLimits(error.rateLimits))
            if let usage = error.usage { pay(usage, for: prompt.model, in: context) }
            throw error
        }
    }

    private func pay(_ usage: TokenUse, for model: String, in context: StepContext) {
        context.meter.add(
            Meter.Usage(
                provider: terms.provider, model: model, inputTokens: usage.inputTokens,
                outputTokens: usage.outputTokens,
                microdollars: terms.prices.microdollars(
                    model, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens),
                cost: Double(usage.totalTokens)))
    }
}

extension Prompt {
    /// What the messages are likely to be charged, in tokens. A quarter of the bytes is also right for scripts in which a
    /// character is a token.
    package var inputTokens: Int { messages.reduce(0) { $0 + $1.text.utf8.count / 4 + 4 } }

    /// For endpoints that do not say what they charge.
    fileprivate var likelyUse: TokenUse { TokenUse(inputTokens: inputTokens, outputTokens: outputTokensMax / 2) }
}

extension StepContext {
    /// Counts down the step's time: what is left of it for a second call.
    package func countdown() -> @Sendable () -> Duration { Self.countdown(from: timeout, on: clock) }

    private static func countdown(from timeout: Duration, on clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { max(.zero, timeout - start.duration(to: clock.now)) }
    }
}
