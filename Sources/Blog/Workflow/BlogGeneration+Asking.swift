import Engine
import Logging
import Providers

extension BlogGeneration {
    /// Asks the model for a value of the prompt's shape, and once more with what is wrong when the answer cannot be used.
    ///
    /// - Parameter check: what is wrong with a value that has the shape.
    /// - Parameter isUsable: whether a repaired value that is still not perfect will do.
    /// - Returns: the value, the model that wrote it, and whether it was repaired.
    func ask<Value: Decodable & Sendable>(
        _ name: Step, _ prompt: Prompt, in context: StepContext, check: (Value) -> [JSONSchema.Problem] = { _ in [] },
        isUsable: (Value) -> Bool = { _ in true }
    ) async throws -> (value: Value, model: String, wasRepaired: Bool) {
        let timeLeft = context.countdown()
        let schema = prompt.schema ?? .object([:])
        let first = try await complete(prompt, name.rawValue, deadline: context.timeout, in: context)
        let problems: [JSONSchema.Problem]
        switch first.decode(Value.self, matching: schema) {
        case .valid(let value):
            problems = check(value)
            if problems.isEmpty { return (value, first.model, false) }
        case .invalid(let found): problems = found
        }
        context.logger.notice("answer needs repair", metadata: ["problems": "\(problems.map(\.description))"])
        let second = try await complete(
            prompt.repairing(first.content, problems: problems), "\(name.rawValue).repair", deadline: timeLeft(),
            in: context)
        switch second.decode(Value.self, matching: schema) {
        case .valid(let value) where isUsable(value): return (value, second.model, true)
        case .valid(let value): throw malformed(check(value))
        case .invalid(let problems): throw malformed(problems)
        }
    }

    /// One call, paid for in the meter whether or not its answer is of use.
    private func complete(
        _ prompt: Prompt, _ name: String, deadline: Duration, in context: StepContext
    ) async throws -> Completion {
        let account = world.account(of: context.pool)
        let prompt = account.addressing(prompt)
        return try await context.calling(
            name, defaultPause: settings.defaultPause, isVital: true,
            isStandIn: world.otherAccounts[context.pool] != nil
        ) {
            do {
                let completion = try await account.model.complete(prompt, deadline: deadline)
                context.meter.note(ReportedLimits(completion.rateLimits))
                pay(completion.usage ?? estimate(for: name), for: prompt.model, in: context)
                return completion
            } catch let error as ProviderError {
                context.meter.note(ReportedLimits(error.rateLimits))
                if let usage = error.usage { pay(usage, for: prompt.model, in: context) }
                throw error
            }
        }
    }

    /// What a provider charges against the quota when it admits the call: the prompt, estimated, and the whole of what
    /// the answer may be. A pool that grants less is answered with refusals.
    func cost(of prompt: Prompt, atLeast usual: Double) -> Double {
        // A quarter of the bytes is also right for scripts in which a character is a token.
        let text = prompt.messages.reduce(0) { $0 + $1.text.utf8.count / 4 + 4 }
        return max(usual, Double(text + prompt.outputTokensMax + settings.thoughtTokensMax(prompt.model)))
    }

    private func pay(_ usage: TokenUse, for model: String, in context: StepContext) {
        let microdollars = settings.prices.microdollars(
            model, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens)
        context.meter.add(
            Meter.Usage(
                provider: settings.textProvider, model: model, inputTokens: usage.inputTokens,
                outputTokens: usage.outputTokens, microdollars: microdollars, cost: Double(usage.totalTokens)))
    }

    /// For endpoints that do not say what they charge.
    private func estimate(for name: String) -> TokenUse {
        let total = Int(name.hasPrefix(Step.ideas.rawValue) ? settings.ideasCost : settings.articleCost)
        return TokenUse(inputTokens: total / 4, outputTokens: total - total / 4)
    }

    private func malformed(_ problems: [JSONSchema.Problem]) -> StepFailure {
        StepFailure(ProviderError.malformed(problems, usage: nil), defaultPause: settings.defaultPause)
    }
}
