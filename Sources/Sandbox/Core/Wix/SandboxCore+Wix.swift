/// Wix's API below `/wix`.
extension SandboxCore {
    private static let creating = Duration.milliseconds(1_500)
    /// As long as a creation was seen to take at the worst.
    private static let creatingSlowly = Duration.seconds(25)

    mutating func wixRoute(
        _ steps: [String], _ request: ProviderRequest, record: inout CallRecord, at now: Duration
    ) -> Plan {
        record.operation = Self.wixOperation(request.method, steps)
        if let page = wixVisit(steps, request, at: now) { return Plan(after: readLatency, .respond(page)) }
        let id = wix.requestID(at: now)
        let strike = strike(record.operation, model: nil, prompt: "\(request.path) \(request.text)", request)
        record.fault = strike?.fault
        if let strike, let problem = WixProblem(scripted: strike.fault) {
            return refused(problem, retryAfter: strike.retryAfter, id: id)
        }
        if strike?.fault == .appRemoved { removeWixApp(calledBy: request, at: now) }
        let delay = record.operation == .wixDraftCreate ? Self.creating : readLatency
        let response: ProviderResponse
        do { response = .json(try wixAnswer(steps, request, strike?.fault, at: now)) } catch {
            if error.status == 429 { record.refusedBy = AccountLimits.Dimension.requests.rawValue }
            return refused(error, id: id)
        }
        // The work is done by now; faults that spoil the answer leave the caller in the dark about that.
        let plan = Plan(after: delay, .respond(response.adding([("x-wix-request-id", id)])))
        if strike?.fault == .slow, record.operation == .wixDraftCreate {
            return Plan(after: Self.creatingSlowly, plan.ending)
        }
        return plan.spoiled(by: strike, scale: scale)
    }

    /// - Parameter seconds: sandbox seconds that the answer asks to wait.
    private func refused(_ problem: WixProblem, retryAfter seconds: Double? = nil, id: String) -> Plan {
        var response = problem.response.adding([("x-wix-request-id", id)])
        if let seconds { response.headers += RetryAfter.headers(scale.real(.seconds(seconds)), speed: scale.speed) }
        return Plan(after: readLatency, .respond(response))
    }

    private static func wixOperation(_ method: String, _ steps: [String]) -> Operation {
        switch (method, steps) {
        case ("POST", ["oauth2", "token"]): .wixToken
        case ("POST", ["blog", "v3", "draft-posts"]): .wixDraftCreate
        case ("POST", _) where steps.last == "publish": .wixPublish
        case ("PUT", _): .wixUpload
        default: .wixCall
        }
    }

    private mutating func wixAnswer(
        _ steps: [String], _ request: ProviderRequest, _ fault: Fault?, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        switch (request.method, steps) {
        case ("POST", ["oauth2", "token"]): return try wix.token(request.wixBody(), at: now)
        case ("PUT", _) where steps.count == 2 && steps[0] == "upload":
            return try takeFile(steps[1], request, fails: fault == .imageFailed, at: now)
        default: break
        }
        let instance = try wix.instance(of: request.headers["authorization"], at: now)
        try wix.spend(instance, at: now)
        switch (request.method, steps) {
        case ("GET", ["apps", "v1", "instance"]):
            return [
                "instance": ["instanceId": .string(instance), "appName": "Pressroom", "isFree": true],
                "site": [
                    "siteDisplayName": .string("Sandbox site \(instance.prefix(8))"), "locale": "en",
                    "url": .string("\(request.baseURL)/wix/sites/\(instance)"),
                ],
            ]
        case ("GET", ["stores", "v3", "provision", "version"]):
            return ["catalogVersion": .string(WixStore.catalogue(of: instance).rawValue)]
        case ("GET", _) where steps.count == 4 && Array(steps.prefix(3)) == ["stores-reader", "v1", "products"]:
            return try WixStore.product(steps[3], of: instance, as: .first, baseURL: request.baseURL)
        case ("GET", _) where steps.count == 4 && Array(steps.prefix(3)) == ["stores", "v3", "products"]:
            return try WixStore.product(
                steps[3], of: instance, as: .third, fields: request.wixFieldNames("fields"), baseURL: request.baseURL)
        case ("GET", ["members", "v1", "members"]): return members(of: instance, request)
        case ("POST", ["members", "v1", "members"]): return try makeMember(request.wixBody(), of: instance, at: now)
        case ("GET", ["blog", "v3", "tags"]): return tags(of: instance, request)
        case ("POST", ["blog", "v3", "tags"]): return try makeTag(request.wixBody(), of: instance)
        case ("GET", ["blog", "v3", "categories"]): return categories(of: instance)
        case ("POST", ["blog", "v3", "categories"]): return try makeCategory(request.wixBody(), of: instance)
        case ("POST", ["site-media", "v1", "files", "generate-upload-url"]):
            return try expectFile(request, of: instance)
        case ("GET", _) where steps.count == 4 && Array(steps.prefix(3)) == ["site-media", "v1", "files"]:
            return try file(steps[3], request, of: instance, at: now)
        case ("POST", ["blog", "v3", "bulk", "draft-posts", "create"]):
            return try makeDrafts(request, of: instance, at: now)
        default: return try draftAnswer(steps, instance, request, at: now)
        }
    }
}

extension ProviderRequest {
    /// - Throws: 400 for what is not JSON.
    func wixBody() throws(WixProblem) -> JSONValue {
        do { return try JSONValue(parsing: body) } catch {
            throw WixProblem(status: 400, "the body is not JSON", code: "INVALID_JSON")
        }
    }

    /// Names that a member of the query lists, separated by commas, or by being repeated.
    func wixFieldNames(_ name: String) -> Set<String> {
        Set((query[name] ?? "").split(separator: ",").map(String.init))
    }

    /// For fault scripts that look at what was asked.
    fileprivate var text: String { String(decoding: body.prefix(4_096), as: UTF8.self) }
}
