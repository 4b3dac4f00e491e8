extension SandboxCore {
    /// `GET /files/{prediction}/out-{number}.png`: the bytes, for as long as they are kept. Needs no key, like a delivery
    /// host.
    mutating func file(
        _ steps: [String], _ request: ProviderRequest, record: inout CallRecord, at now: Duration
    ) -> Plan {
        record.operation = .imageFile
        guard request.method == "GET", steps.count == 2, let prediction = images[steps[0]],
            prediction.hasOutput(at: now),
            let number = (0..<prediction.outputs).first(where: { steps[1] == "out-\($0).png" })
        else { return Plan(after: readLatency, .respond(ImageProblem.notFound.response)) }
        record.prediction = prediction.id
        record.model = prediction.model
        let strike = strike(.imageFile, model: prediction.model, prompt: prediction.picture.prompt, request)
        record.fault = strike?.fault
        let head = ProviderResponse(
            status: 200, headers: [("content-type", "image/png"), ("cache-control", "public, max-age=3600")])
        let picture = prediction.picture.variant(number).sized(configuration.pictureSide)
        guard let strike else { return Plan(after: readLatency, .picture(head, picture, form: .file)) }
        // A spoiled file needs its bytes at once, to be cut in half.
        let whole = ProviderResponse(status: 200, headers: head.headers, body: picture.png())
        return Plan(after: readLatency, .respond(whole)).spoiled(by: strike, scale: scale)
    }

    /// `POST /v1/images/generations`: the answer comes when the picture is done, in base64.
    mutating func imageGeneration(
        _ request: ProviderRequest, record: inout CallRecord, at now: Duration
    ) -> Plan {
        record.operation = .imageGeneration
        let order: (model: String, picture: PictureRequest, count: Int)
        do {
            order = try Self.generationOrder(request.body, seed: configuration.seed)
        } catch {
            return language.reply(error, at: now)
        }
        record.model = order.model
        guard ModelList.exists(order.model) else { return language.reply(.modelNotFound(order.model), at: now) }
        let strike = strike(.imageGeneration, model: order.model, prompt: order.picture.prompt, request)
        record.fault = strike?.fault
        if let problem = strike.flatMap({ Self.generationProblem($0.fault, model: order.model) }) {
            return language.reply(problem, retryAfter: strike?.retryAfter.map { .seconds($0) }, at: now)
        }
        if let seconds = images.refuse(isCreate: true, at: now) {
            record.refusedBy = AccountLimits.Dimension.requests.rawValue
            let limit = configuration.imageRequestsPerMinute
            let problem = ChatProblem.limitReached(
                .requests, model: order.model, limit: limit, used: limit, requested: 1, wait: .seconds(seconds))
            return language.reply(problem, retryAfter: scale.sandbox(.seconds(seconds)), at: now)
        }
        let head = ProviderResponse(
            status: 200, headers: [("content-type", "application/json")] + language.headers(at: now))
        let form = Plan.PictureForm.base64(count: order.count, created: Int(scale.unix(at: now)))
        let plan = Plan(after: images.latency(), .picture(head, order.picture, form: form))
        switch strike?.fault {
        case .hang, .slow, .badGatewayHTML: return plan.spoiled(by: strike, scale: scale)
        case .halfBody:
            let whole = head.with(body: Array(#"{"created":0,"data":[{"b64_json":"iVBORw0KGgo"#.utf8))
            return Plan(after: plan.delay, .cut(whole, afterBytes: whole.body.count / 2))
        default: return plan
        }
    }

    private static func generationOrder(
        _ body: [UInt8], seed: UInt64
    ) throws(ChatProblem) -> (model: String, picture: PictureRequest, count: Int) {
        // Parsed only for its members; what is wrong with the text itself is not told in detail.
        guard let object = (try? JSONValue(parsing: body))?.object else {
            throw ChatProblem("The body of the request must be a JSON object.")
        }
        guard let prompt = object["prompt"]?.text, !prompt.isEmpty, prompt.count <= 32_000 else {
            throw ChatProblem("You must provide a prompt of at most 32000 characters.", param: "prompt")
        }
        let count = object["n"].map { $0.isNull ? 1 : $0.whole ?? 0 } ?? 1
        guard (1...10).contains(count) else { throw ChatProblem("'n' must be 1 to 10.", param: "n") }
        var size = (width: 1024, height: 1024)
        if let text = object["size"]?.text, text != "auto" {
            guard let asked = PictureRequest.size(of: text) else {
                throw ChatProblem(
                    "Invalid size '\(text.prefix(20))': the sandbox draws 64 to 2048 pixels a side.", param: "size",
                    code: "invalid_value")
            }
            size = asked
        }
        let model = object["model"]?.text ?? "gpt-image-2"
        // These models answer in base64 whatever is asked, and do not want to be asked.
        if model.hasPrefix("gpt-image"), let format = object["response_format"], !format.isNull {
            throw ChatProblem(
                "Unknown parameter: 'response_format'.", param: "response_format", code: "unknown_parameter")
        }
        let picture = PictureRequest(
            prompt: prompt, seed: Chance.hash(prompt, seed: seed), width: size.width, height: size.height)
        return (model, picture, count)
    }

    private static func generationProblem(_ fault: Fault, model: String) -> ChatProblem? {
        switch fault {
        case .imageFlagged:
            ChatProblem("Your request was rejected by the safety system.", code: "moderation_blocked")
        case .imageFailed, .serverError: .serverError
        case .overloaded: .overloaded
        default: ChatProblem(scripted: fault, model: model, limit: 0)
        }
    }
}

extension Plan.PictureForm {
    /// The body of the answer, drawn now.
    package func body(of picture: PictureRequest) -> [UInt8] {
        switch self {
        case .file: return picture.png()
        case .base64(let count, let created):
            let data = (0..<count).map { number -> JSONValue in
                ["b64_json": .string(Base64.text(of: picture.variant(number).png()))]
            }
            let tokens = Tokens.count(picture.prompt)
            return
                ([
                    "created": .int(created), "data": .array(data),
                    "size": .string("\(picture.width)x\(picture.height)"),
                    "quality": "medium", "output_format": "png", "background": "opaque",
                    "usage": [
                        "input_tokens": .int(tokens), "output_tokens": .int(1000 * count),
                        "total_tokens": .int(tokens + 1000 * count),
                        "input_tokens_details": ["text_tokens": .int(tokens), "image_tokens": 0],
                    ],
                ] as JSONValue).bytes
        }
    }
}

extension ProviderResponse {
    func with(body: [UInt8]) -> ProviderResponse {
        var response = self
        response.body = body
        return response
    }
}
