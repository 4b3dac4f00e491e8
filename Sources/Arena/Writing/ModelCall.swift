import Engine
import Logging
import Providers

/// Asks the model within a step, pays, and says in the engine's words what went wrong.
struct ModelCall: Sendable {
    let model: any LanguageModel
    /// Who is asked instead where a step draws on another pool than the model's own, by that pool.
    let otherAccounts: [PoolName: ModelAccount]
    let settings: Arena.Settings

    /// Asks for a value of the prompt's shape, and once more with what is wrong when the answer cannot be used.
    ///
    /// - Parameter name: the step, as failpoints name it.
    /// - Parameter check: what is wrong with a value that has the shape.
    /// - Parameter isUsable: whether a repaired value that is still not perfect will do.
    /// - Returns: the value, and the model that wrote it.
    func ask<Value: Decodable & Sendable>(
        _ name: String, _ prompt: Prompt, as type: Value.Type = Value.self, in context: StepContext,
        check: (Value) -> [JSONSchema.Problem] = { _ in [] }, isUsable: (Value) -> Bool = { _ in false }
    ) async throws -> (value: Value, model: String) {
        let timeLeft = Self.countdown(from: context.timeout, on: context.clock)
        let schema = prompt.schema ?? .object([:])
        let first = try await complete(prompt, name, deadline: context.timeout, in: context)
        let problems: [JSONSchema.Problem]
        switch first.decode(Value.self, matching: schema) {
        case .valid(let value):
            problems = check(value)
            if problems.isEmpty { return (value, first.model) }
        case .invalid(let found): problems = found
        }
        context.logger.notice("answer needs repair", metadata: ["problems": "\(problems.map(\.description))"])
        let second = try await complete(
            prompt.repairing(first.content, problems: problems), "\(name).repair", deadline: timeLeft(), in: context)
        switch second.decode(Value.self, matching: schema) {
        case .valid(let value):
            let left = check(value)
            if left.isEmpty || isUsable(value) { return (value, second.model) }
            throw StepFailure.unusable(left)
        case .invalid(let problems): throw StepFailure.unusable(problems)
        }
    }

    /// One call, paid for in the meter whether or not its answer is of use.
    private func complete(
        _ prompt: Prompt, _ name: String, deadline: Duration, in context: StepContext
    ) async throws -> Completion {
        let account = otherAccounts[context.pool] ?? ModelAccount(model)
        let prompt = account.addressing(prompt)
        try context.failpoints.pass("\(name).beforeSend")
        let completion: Completion
        do {
            completion = try await account.model.complete(prompt, deadline: deadline)
        } catch let error as ProviderError {
            context.meter.note(ReportedLimits(error.rateLimits))
            if let usage = error.usage { pay(usage, for: prompt.model, in: context) }
            throw StepFailure(
                error, defaultPause: settings.defaultPause, isStandIn: otherAccounts[context.pool] != nil)
        }
        context.meter.note(ReportedLimits(completion.rateLimits))
        pay(completion.usage ?? Self.estimate(prompt), for: prompt.model, in: context)
        try context.failpoints.pass("\(name).received")
        return completion
    }

    private func pay(_ usage: TokenUse, for model: String, in context: StepContext) {
        context.meter.add(
            Meter.Usage(
                provider: settings.textProvider, model: model, inputTokens: usage.inputTokens,
                outputTokens: usage.outputTokens,
                microdollars: settings.microdollars(model, usage.inputTokens, usage.outputTokens),
                cost: Double(usage.totalTokens)))
    }

    /// For endpoints that do not say what they charge.
    private static func estimate(_ prompt: Prompt) -> TokenUse {
        TokenUse(
            inputTokens: prompt.messages.reduce(0) { $0 + $1.text.utf8.count / 4 + 4 },
            outputTokens: prompt.outputTokensMax / 2)
    }

    private static func countdown(from timeout: Duration, on clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { max(.zero, timeout - start.duration(to: clock.now)) }
    }
}

extension StepFailure {
    /// The model has answered twice, and neither answer may stand in a persona's name. Asking a third time would be paid
    /// for by everybody; the owner may.
    static func unusable(_ problems: [JSONSchema.Problem]) -> StepFailure {
        StepFailure(
            code: "writing.unusable",
            message:
                "The model's text could not be used: \(problems.prefix(3).map(\.description).joined(separator: "; ")).",
            hint: "Ask again, or look whether the persona's rules can be kept.", retry: .never)
    }

    /// What a job is about has been deleted or hidden since it was asked for.
    static func gone(_ what: String) -> StepFailure {
        StepFailure(code: "\(what).gone", message: "The \(what) is no longer there.", retry: .never)
    }

    /// Texts cannot do without the model, so that a job waits while its provider is away.
    ///
    /// - Parameter isStandIn: whether another account than the first was asked: one that takes no key or model of ours is
    ///   shut, and the first goes on.
    init(_ error: ProviderError, defaultPause: Duration, isStandIn: Bool) {
        let retry: Retry =
            switch (error.retry, error.code) {
            case _ where isStandIn && error.shutsStandIn: .refusedByAccount
            case (_, .quotaExhausted): .refusedByAccount
            case (.refused(let pause), .dailyLimit): .refusedForDay(pause)
            case (.never, _): .never
            case (.backoff, _): .backoff
            case (.after(let pause), _): .after(pause)
            case (.refused(let pause), _): .refused(pause ?? defaultPause)
            }
        let outage: Outage? =
            switch error.code {
            case .unavailable, .unreachable, .timedOut: .suspected
            default: nil
            }
        self.init(
            code: error.code.rawValue, message: error.message, hint: error.hint, retry: retry, outage: outage,
            cause: error)
    }
}

extension ReportedLimits {
    /// What a provider says beside its answer, as the pool that the call drew on counts it.
    init(_ report: RateLimitReport) {
        self.init(requests: report.requests.map(Bucket.init), cost: report.tokens.map(Bucket.init))
    }
}

extension ReportedLimits.Bucket {
    fileprivate init(_ bucket: RateLimitReport.Bucket) {
        self.init(
            limit: bucket.limit.map(Double.init), remaining: bucket.remaining.map(Double.init), reset: bucket.reset)
    }
}
