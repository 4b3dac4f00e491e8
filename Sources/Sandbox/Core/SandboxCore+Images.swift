extension SandboxCore {
    mutating func imageRoute(
        _ steps: [String], _ request: ProviderRequest, record: inout CallRecord, at now: Duration
    ) -> Plan {
        switch (request.method, steps) {
        case ("POST", ["predictions"]): return create(request, model: nil, record: &record, at: now)
        case ("POST", _)
        where steps.count == 4 && steps[3] == "predictions"
            && (steps[0] == "models" || steps[0] == "deployments"):
            return create(request, model: "\(steps[1])/\(steps[2])", record: &record, at: now)
        case ("GET", ["predictions"]):
            return readImage(list(request, at: now), as: .imageList, request, record: &record, at: now)
        case ("GET", _) where steps.count == 2 && steps[0] == "predictions":
            return show(images[steps[1]], as: .imageGet, request, record: &record, at: now)
        case ("POST", _) where steps.count == 3 && steps[0] == "predictions" && steps[2] == "cancel":
            return show(images.cancel(steps[1], at: now), as: .imageCancel, request, record: &record, at: now)
        case ("GET", ["account"]):
            let account: JSONValue = [
                "type": "organization", "username": "sandbox", "name": "Pressroom sandbox", "github_url": nil,
            ]
            return readImage(.json(account), as: .account, request, record: &record, at: now)
        case ("GET", ["webhooks", "default", "secret"]):
            let key = WebhookSignature.secret(seed: configuration.seed)
            return readImage(.json(["key": .string(key)]), as: .account, request, record: &record, at: now)
        case ("GET", _) where steps.count == 3 && steps[0] == "models":
            let model = Self.model(owner: steps[1], name: steps[2])
            return readImage(.json(model), as: .models, request, record: &record, at: now)
        default: return Plan(after: readLatency, .respond(ImageProblem.notFound.response))
        }
    }

    private mutating func create(
        _ request: ProviderRequest, model: String?, record: inout CallRecord, at now: Duration
    ) -> Plan {
        record.operation = .imageCreate
        let order: PredictionOrder
        let wait: Duration?
        let deadline: Duration?
        do {
            order = try PredictionOrder(body: request.body, model: model, seed: configuration.seed)
            wait = try Self.wait(request.headers["prefer"])
            deadline = try Self.cancelAfter(request.headers["cancel-after"])
        } catch {
            return Plan(after: readLatency, .respond(error.response))
        }
        record.model = order.model
        let strike = strike(.imageCreate, model: order.model, prompt: order.picture.prompt, request)
        record.fault = strike?.fault
        if let strike, let problem = ImageProblem(scripted: strike, scale: scale) {
            return Plan(after: readLatency, .respond(problem.response))
        }
        if let seconds = images.refuse(isCreate: true, at: now) { return throttled(seconds, record: &record) }
        let webhookStrike =
            order.webhook == nil
            ? nil : script.strike(.webhook, model: order.model, prompt: order.picture.prompt)
        record.fault = record.fault ?? webhookStrike?.fault
        let prediction = images.create(
            order, fault: strike?.fault, webhookFault: webhookStrike?.fault,
            cancelAfter: deadline.map { scale.sandbox($0) }, baseURL: request.baseURL, at: now)
        record.prediction = prediction.id
        return created(prediction, strike: strike, wait: wait.map { scale.sandbox($0) }, at: now)
    }

    /// The prediction exists by now; faults that spoil the answer leave the caller in the dark about that.
    private func created(
        _ prediction: Prediction, strike: FaultScript.Strike?, wait: Duration?, at now: Duration
    ) -> Plan {
        let response = ProviderResponse.json(prediction.json(at: now, scale: scale), status: 201)
        let plain = Plan(after: readLatency, .respond(response))
        switch strike?.fault {
        case .hang, .badGatewayHTML, .halfBody, .badJSON: return plain.spoiled(by: strike, scale: scale)
        case let fault?:
            if let odd = plain.turned(by: fault) { return odd }
        case nil: break
        }
        guard let wait else {
            return Plan(after: readLatency, .prediction(id: prediction.id, waited: false, early: false))
        }
        let time = max(readLatency, min(wait, prediction.finishedAt - now))
        return Plan(after: time, .prediction(id: prediction.id, waited: true, early: strike?.fault == .earlyOutput))
    }

    /// `wait` or `wait=20`, in the caller's seconds; nil when the caller does not want to wait.
    private static func wait(_ header: String?) throws(ImageProblem) -> Duration? {
        guard let header = header?.lowercased().filter({ $0 != " " }), header.hasPrefix("wait") else { return nil }
        guard header != "wait" else { return .seconds(60) }
        guard header.hasPrefix("wait="), let seconds = Int(header.dropFirst(5)), (1...60).contains(seconds) else {
            throw .invalid("Prefer", "wait must be 1 to 60 seconds")
        }
        return .seconds(seconds)
    }

    /// `60s`, `1m`, `1h30m`, or a number of seconds, in the caller's time.
    private static func cancelAfter(_ header: String?) throws(ImageProblem) -> Duration? {
        guard let header else { return nil }
        var seconds = 0
        var number = 0
        for character in header.lowercased() {
            if let digit = character.wholeNumberValue, number < 100_000 {
                number = number * 10 + digit
            } else if let unit = ["s": 1, "m": 60, "h": 3600][character] {
                seconds += number * unit
                number = 0
            } else {
                throw .invalid("Cancel-After", "must be a duration such as 90s or 1h30m")
            }
        }
        seconds += number
        guard (5...86_400).contains(seconds) else { throw .invalid("Cancel-After", "must be 5 seconds to 24 hours") }
        return .seconds(seconds)
    }

    private func throttled(_ seconds: Int, record: inout CallRecord) -> Plan {
        record.refusedBy = AccountLimits.Dimension.requests.rawValue
        return Plan(after: readLatency, .respond(ImageProblem.throttled(seconds: seconds).response))
    }

    private mutating func show(
        _ prediction: Prediction?, as operation: Operation, _ request: ProviderRequest, record: inout CallRecord,
        at now: Duration
    ) -> Plan {
        record.prediction = prediction?.id
        record.model = prediction?.model
        let found = prediction.map { ProviderResponse.json($0.json(at: now, scale: scale)) }
        return readImage(found ?? ImageProblem.notFound.response, as: operation, request, record: &record, at: now)
    }

    private mutating func readImage(
        _ response: ProviderResponse, as operation: Operation, _ request: ProviderRequest, record: inout CallRecord,
        at now: Duration
    ) -> Plan {
        record.operation = operation
        if let seconds = images.refuse(isCreate: false, at: now) { return throttled(seconds, record: &record) }
        return read(response, as: operation, request, record: &record)
    }

    private func list(_ request: ProviderRequest, at now: Duration) -> ProviderResponse {
        let after = request.query["created_after"]
        let before = request.query["created_before"]
        for (name, value) in [("created_after", after), ("created_before", before)] {
            if let value, Timestamp.unix(value) == nil { return ImageProblem.invalid(name, "not a date-time").response }
        }
        let page = images.page(
            from: request.query["cursor"].flatMap(Int.init) ?? .max, after: after.flatMap(Timestamp.unix),
            before: before.flatMap(Timestamp.unix))
        let filters = [("created_after", after), ("created_before", before)].compactMap { name, value in
            value.map { "&\(name)=\($0.replacing("+", with: "%2B"))" }
        }
        let next = page.next.map { "\(request.baseURL)/v1/predictions?cursor=\($0)\(filters.joined())" }
        let results = page.predictions.map { $0.json(at: now, scale: scale) }
        return .json(["previous": nil, "next": JSONValue(next), "results": .array(results)])
    }

    private static func model(owner: String, name: String) -> JSONValue {
        let version = String(repeating: "5a", count: 32)
        return [
            "url": .string("https://example.com/\(owner)/\(name)"), "owner": .string(owner), "name": .string(name),
            "description": "A simulated model", "visibility": "public", "run_count": 1, "github_url": nil,
            "paper_url": nil, "license_url": nil, "cover_image_url": nil, "default_example": nil,
            "latest_version": [
                "id": .string(version), "created_at": "2026-01-15T00:00:00.000Z", "cog_version": "0.9.0",
                "openapi_schema": ["components": ["schemas": ["Input": ["type": "object"]]]],
            ],
        ]
    }
}
