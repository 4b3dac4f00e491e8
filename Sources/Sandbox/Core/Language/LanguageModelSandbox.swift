/// The simulated language model: decides what becomes of a request for a completion.
///
/// All keys and all models share one account, as the models of one real account do when they share a limit.
package struct LanguageModelSandbox: Sendable {
    /// A call that hangs is cut after this much sandbox time, if the caller still waits.
    static let silence = Duration.seconds(600)

    let configuration: SandboxConfiguration
    let scale: TimeScale
    private var limits: AccountLimits
    private var latencyChance: Chance
    private var identifiers: Chance

    package init(configuration: SandboxConfiguration, scale: TimeScale, nonce: UInt64) {
        self.configuration = configuration
        self.scale = scale
        limits = AccountLimits(
            requestsPerMinute: configuration.requestsPerMinute, tokensPerMinute: configuration.tokensPerMinute,
            enforcement: configuration.enforcement)
        latencyChance = Chance(seed: configuration.seed, about: "latencies")
        identifiers = Chance(seed: nonce, about: "completions")
    }

    /// Decides about a parsed request. `record` gets what the log should know.
    mutating func complete(
        _ request: ChatRequest, strike: FaultScript.Strike?, record: inout CallRecord, at now: Duration
    ) -> Plan {
        let model = request.model
        if let strike, let refusal = refusal(strike, model: model) { return reply(refusal, at: now) }
        let charge = charge(for: request)
        switch limits.admit(tokens: charge, at: now) {
        case .admitted: break
        case .tooLarge(let limit, let requested):
            record.refusedBy = "tokens"
            return reply(.tooLarge(model: model, limit: limit, requested: requested), at: now)
        case .refused(let dimension, let limit, let used, let requested, let wait):
            record.refusedBy = dimension.rawValue
            let problem = ChatProblem.limitReached(
                dimension, model: model, limit: limit, used: used, requested: requested, wait: scale.real(wait))
            return reply(problem, retryAfter: wait, at: now)
        }
        record.charged = charge
        let headers = headers(at: now)
        var latency = latency(of: request.operation)
        switch strike?.fault {
        case .hang: return Plan(after: Self.silence, .silence)
        case .slow: latency *= 10
        case .serverError: return Plan(after: latency / 5, .respond(ChatProblem.serverError.response.adding(headers)))
        case .overloaded: return Plan(after: latency / 5, .respond(ChatProblem.overloaded.response.adding(headers)))
        case .badGatewayHTML: return Plan(after: latency / 5, .respond(.badGateway))
        default: break
        }
        let completion = completion(for: request, spoiledBy: strike?.fault, at: now)
        record.promptTokens = completion.usage.promptTokens
        record.completionTokens = completion.usage.completionTokens
        return plan(completion, for: request, fault: strike?.fault, latency: latency, headers: headers)
    }

    private func charge(for request: ChatRequest) -> Int {
        guard configuration.chargesUse else { return request.charge }
        return ChatWriter(configuration: configuration).idealTotal(of: request, prompt: request.prompt)
            ?? request.charge
    }

    private mutating func latency(of operation: Operation) -> Duration {
        let latency =
            switch operation {
            case .ideas: configuration.latencies.ideas
            case .article: configuration.latencies.article
            default: configuration.latencies.chat
            }
        return configuration.fixedLatency ? latency.mean : latency.drawn(using: &latencyChance)
    }

    private mutating func completion(
        for request: ChatRequest, spoiledBy fault: Fault?, at now: Duration
    ) -> ChatCompletion {
        ChatWriter(configuration: configuration).completion(
            for: request, id: "chatcmpl-" + identifiers.identifier(length: 24), created: Int(scale.unix(at: now)),
            fault: fault)
    }

    private func plan(
        _ completion: ChatCompletion, for request: ChatRequest, fault: Fault?, latency: Duration,
        headers: [(name: String, value: String)]
    ) -> Plan {
        let json = request.wire == .responses ? completion.responseJSON : completion.json
        let response = ProviderResponse.json(json).adding(headers)
        // The shape of a completion is its writer's business.
        if let fault, fault != .wrongSchema, let odd = Plan(after: latency, .respond(response)).turned(by: fault) {
            return odd
        }
        guard request.streams else {
            let isCut = fault == .halfBody
            return Plan(
                after: latency, isCut ? .cut(response, afterBytes: response.body.count / 2) : .respond(response))
        }
        var pieces =
            request.wire == .responses
            ? completion.responseEvents : ChatStream.events(of: completion, for: request)
        if fault == .halfBody || fault == .streamError { pieces = Array(pieces.prefix(pieces.count / 2)) }
        if fault == .streamError { pieces.append(ChatStream.errorEvent) }
        let head = ProviderResponse(status: 200, headers: [("content-type", "text/event-stream; charset=utf-8")])
        // The first words come early, the rest evenly over the time that the whole answer takes.
        let first = latency / 5
        return Plan(
            after: first,
            .stream(
                head.adding(headers), pieces: pieces, pause: (latency - first) / max(1, pieces.count),
                cut: fault == .halfBody))
    }

    /// Headers of every answer.
    mutating func headers(at now: Duration) -> [(name: String, value: String)] {
        limits.advance(to: now)
        return [
            ("x-request-id", "req_" + identifiers.identifier(length: 24)), ("openai-version", "2020-10-01"),
            ("openai-organization", ChatProblem.organization), ("openai-processing-ms", "12"),
        ] + (configuration.sendsLimitHeaders ? LimitHeaders(limits, scale: scale).fields : [])
    }

    /// A refusal with its headers. `retryAfter` is sandbox time.
    mutating func reply(_ problem: ChatProblem, retryAfter: Duration? = nil, at now: Duration) -> Plan {
        var response = problem.response.adding(headers(at: now))
        if let retryAfter { response.headers += RetryAfter.headers(scale.real(retryAfter), speed: scale.speed) }
        return Plan(after: configuration.latencies.read.mean, .respond(response))
    }

    private mutating func reply(_ refusal: (problem: ChatProblem, retryAfter: Duration?), at now: Duration) -> Plan {
        reply(refusal.problem, retryAfter: refusal.retryAfter, at: now)
    }

    /// What a fault says before a call is admitted; nil for faults that strike later.
    private func refusal(
        _ strike: FaultScript.Strike, model: String
    ) -> (problem: ChatProblem, retryAfter: Duration?)? {
        let hint = strike.retryAfter.map { Duration.seconds($0) }
        guard let problem = ChatProblem(scripted: strike.fault, model: model, limit: configuration.tokensPerMinute)
        else { return nil }
        return (problem, hint)
    }
}

/// How long to wait, in the headers of a refusal.
enum RetryAfter {
    /// Whole seconds, rounded up. A sandbox that runs faster than life also says milliseconds, which clients prefer:
    /// a whole second would be many of its own.
    static func headers(_ wait: Duration, speed: Double) -> [(name: String, value: String)] {
        let milliseconds = max(1, wait.inMilliseconds)
        let seconds = [(name: "retry-after", value: String((milliseconds + 999) / 1000))]
        return speed > 1 ? seconds + [("retry-after-ms", String(milliseconds))] : seconds
    }
}

extension ProviderResponse {
    func adding(_ headers: [(name: String, value: String)]) -> ProviderResponse {
        var response = self
        response.headers += headers
        return response
    }

    /// A proxy's page: HTML where JSON was expected.
    static let badGateway = ProviderResponse.html(
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>sandbox</p></body></html>",
        status: 502)
}
