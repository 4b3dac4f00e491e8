extension SandboxCore {
    /// Finds what a call is about and has it decided.
    mutating func route(_ request: ProviderRequest, record: inout CallRecord, at now: Duration) -> Plan {
        let parts = request.path.split(separator: "/").map(String.init)
        if parts.first == "files" { return file(Array(parts.dropFirst()), request, record: &record, at: now) }
        if parts.first == "wix" { return wixRoute(Array(parts.dropFirst()), request, record: &record, at: now) }
        guard parts.first == "v1" else { return unknown(request, at: now) }
        let steps = Array(parts.dropFirst())
        let isLanguage = Self.isLanguage(steps)
        if let problem = Self.keyProblem(request) {
            return isLanguage
                ? language.reply(problem, at: now)
                : Plan(after: readLatency, .respond(ImageProblem.unauthenticated.response))
        }
        return isLanguage
            ? languageRoute(steps, request, record: &record, at: now)
            : imageRoute(steps, request, record: &record, at: now)
    }

    /// Whether a path belongs to the language model's API; the two share a server here, not in life.
    private static func isLanguage(_ steps: [String]) -> Bool {
        switch steps.first {
        case "chat", "images", "responses": true
        case "models": steps.count <= 2
        default: false
        }
    }

    private static func keyProblem(_ request: ProviderRequest) -> ChatProblem? {
        guard let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer ") else {
            return .missingKey
        }
        let key = header.dropFirst(7).trimmingPrefix(while: \.isWhitespace)
        if key.isEmpty { return .missingKey }
        return key.contains("invalid") ? .invalidKey : nil
    }

    var readLatency: Duration { configuration.latencies.read.mean }

    func unknown(_ request: ProviderRequest, at now: Duration) -> Plan {
        let problem = ChatProblem("Invalid URL (\(request.method) \(request.path.prefix(200)))", status: 404)
        return Plan(after: readLatency, .respond(problem.response))
    }

    private mutating func languageRoute(
        _ steps: [String], _ request: ProviderRequest, record: inout CallRecord, at now: Duration
    ) -> Plan {
        switch (request.method, steps) {
        case ("POST", ["chat", "completions"]), ("POST", ["responses"]):
            return chat(request, isResponses: steps == ["responses"], record: &record, at: now)
        case ("POST", ["images", "generations"]): return imageGeneration(request, record: &record, at: now)
        case ("GET", ["models"]):
            record.operation = .models
            return read(.json(ModelList.json), as: .models, request, record: &record)
        case ("GET", _) where steps.count == 2 && steps[0] == "models":
            record.operation = .models
            record.model = steps[1]
            let found = ModelList.json(of: steps[1]).map { ProviderResponse.json($0) }
            return read(found ?? ChatProblem.modelNotFound(steps[1]).response, as: .models, request, record: &record)
        case (_, ["chat", "completions"]), (_, ["responses"]), (_, ["images", "generations"]), (_, ["models"]):
            return language.reply(
                ChatProblem("Not allowed to \(request.method) on \(request.path).", status: 405), at: now)
        default: return unknown(request, at: now)
        }
    }

    private mutating func chat(
        _ request: ProviderRequest, isResponses: Bool, record: inout CallRecord, at now: Duration
    ) -> Plan {
        record.operation = .chat
        let chat: ChatRequest
        do {
            try ChatRequest.checkRequestID(request.headers["x-client-request-id"])
            chat =
                isResponses
                ? try ChatRequest(responsesBody: request.body) : try ChatRequest(body: request.body)
        } catch {
            return language.reply(error, at: now)
        }
        record.operation = chat.operation
        record.model = chat.model
        guard ModelList.exists(chat.model) else { return language.reply(.modelNotFound(chat.model), at: now) }
        let strike = strike(chat.operation, model: chat.model, prompt: chat.prompt, request)
        record.fault = strike?.fault
        return language.complete(chat, strike: strike, record: &record, at: now)
    }

    /// The fault that befalls a call: by its model's name, by its header, or by the script.
    mutating func strike(
        _ operation: Operation, model: String?, prompt: String, _ request: ProviderRequest
    ) -> FaultScript.Strike? {
        let name = model?.split(separator: "/").last.map(String.init) ?? ""
        let header = request.headers["x-sandbox-fault"].flatMap { Fault(rawValue: $0) }.map { FaultScript.Strike($0) }
        for strike in [FaultScript.Strike(modelNamed: name), header] {
            if let strike, strike.fault.applies(to: operation) { return strike }
        }
        struck = script.strike(operation, model: model, prompt: prompt)
        return struck
    }

    /// A call that only reads: its answer after a moment, unless a fault strikes.
    mutating func read(
        _ response: ProviderResponse, as operation: Operation, _ request: ProviderRequest, record: inout CallRecord
    ) -> Plan {
        record.operation = operation
        let strike = strike(operation, model: record.model, prompt: request.path, request)
        record.fault = strike?.fault
        return Plan(after: readLatency, .respond(response)).spoiled(by: strike, scale: scale)
    }
}

extension ChatRequest {
    static func checkRequestID(_ id: String?) throws(ChatProblem) {
        guard let id else { return }
        guard id.utf8.count <= 512, id.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            throw ChatProblem("Invalid X-Client-Request-Id: at most 512 ASCII characters.", param: nil)
        }
    }
}

extension Plan {
    /// The plan as a fault leaves it, for calls whose work is done before they answer.
    func spoiled(by strike: FaultScript.Strike?, scale: TimeScale) -> Plan {
        guard let strike else { return self }
        if let odd = turned(by: strike.fault) { return odd }
        switch strike.fault {
        case .hang: return Plan(after: LanguageModelSandbox.silence, .silence)
        case .slow: return Plan(after: delay * 10, ending)
        case .badGatewayHTML: return Plan(after: delay, .respond(.badGateway))
        case .halfBody, .badJSON:
            guard case .respond(var response) = ending else { return self }
            let half = response.body.count / 2
            if strike.fault == .halfBody { return Plan(after: delay, .cut(response, afterBytes: half)) }
            response.body = Array(response.body.prefix(half))
            return Plan(after: delay, .respond(response))
        default:
            guard let problem = ImageProblem(scripted: strike, scale: scale) else { return self }
            return Plan(after: delay, .respond(problem.response))
        }
    }
}
