/// The routes below `/sandbox`, by which people and tests look into the sandbox and tell it what should go wrong.
struct SandboxControl {
    private static let callsMax = 10_000

    let server: SandboxServer

    /// The answer; nil when the call is not for these routes.
    func answer(to request: ProviderRequest) -> ProviderResponse? {
        switch (request.method, request.path) {
        case ("GET", "/"): return ProviderResponse(status: 200, headers: [Self.text], body: Array(Self.welcome.utf8))
        case ("GET", "/sandbox/stats"): return json(server.stats)
        case ("GET", "/sandbox/calls"): return calls(request)
        case ("GET", "/sandbox/faults"): return json(server.faults)
        case ("PUT", "/sandbox/faults"): return play(request.body)
        default:
            guard request.path.hasPrefix("/sandbox") else { return nil }
            return wixAnswer(to: request)
                ?? problem(
                    SandboxError(code: .badRequest, message: "no such route", hint: "GET / lists them all."),
                    status: 404)
        }
    }

    private static let text = (name: "content-type", value: "text/plain; charset=utf-8")
    private static let welcome = """
        Pressroom sandbox: a simulated language model and image provider.

        POST /v1/chat/completions, /v1/responses, /v1/images/generations    GET /v1/models, /v1/models/{id}
        POST /v1/predictions, /v1/models/{owner}/{name}/predictions, /v1/predictions/{id}/cancel
        GET  /v1/predictions, /v1/predictions/{id}, /v1/account, /v1/webhooks/default/secret
        GET  /sandbox/stats, /sandbox/calls, /sandbox/faults    PUT /sandbox/faults

        Wix below /wix: POST /wix/oauth2/token, then /wix/blog/v3/…, /wix/members/v1/…, /wix/site-media/v1/…
        GET  /wix/sites/{instance} lists what a site has, /wix/sites/{instance}/post/{slug} shows it
        \(wixRoutes)

        Any Bearer key works, unless it contains 'invalid'.

        """

    private func calls(_ request: ProviderRequest) -> ProviderResponse {
        let after = request.query["after"].map { Int($0) } ?? 0
        let limit = request.query["limit"].map { Int($0) } ?? 1000
        guard let after, let limit, (1...Self.callsMax).contains(limit) else {
            return problem(
                SandboxError(
                    code: .badRequest, message: "'after' and 'limit' must be whole numbers, limit 1 to 10000"),
                status: 400)
        }
        return json(server.calls(after: after, limit: limit))
    }

    private func play(_ body: [UInt8]) -> ProviderResponse {
        do {
            try server.play(try FaultRule.list(from: body))
            return json(server.faults)
        } catch {
            return problem(error, status: 400)
        }
    }

    func json(_ value: some Encodable) -> ProviderResponse {
        do {
            let body = try SandboxJSON.encode(value)
            return ProviderResponse(status: 200, headers: [("content-type", "application/json")], body: body)
        } catch {
            return problem(
                SandboxError(code: .badRequest, message: "cannot be written as JSON: \(error)"), status: 500)
        }
    }

    func problem(_ error: SandboxError, status: Int) -> ProviderResponse {
        .json(
            ["code": .string(error.code.rawValue), "message": .string(error.message), "hint": JSONValue(error.hint)],
            status: status)
    }
}

extension FaultRule {
    /// Reads a fault script: a JSON array of rules.
    /// - Throws: ``SandboxError`` `badFaults` that says what is wrong and where.
    package static func list(from bytes: [UInt8]) throws(SandboxError) -> [FaultRule] {
        do {
            return try SandboxJSON.decode([FaultRule].self, from: bytes)
        } catch let error as DecodingError {
            throw SandboxError(code: .badFaults, message: error.inWords, hint: Self.hint, cause: error)
        } catch {
            throw SandboxError(code: .badFaults, message: "\(error)", hint: Self.hint, cause: error)
        }
    }

    private static let hint =
        #"A script is a list such as [{"when": {"operation": "article", "nth": 2}, "fault": "rate_limited", "#
        + #""retryAfter": 5}]"#
}

extension DecodingError {
    /// What is wrong and where, on one line.
    var inWords: String {
        switch self {
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
            .valueNotFound(_, let context):
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
        @unknown default: return "\(self)"
        }
    }
}
