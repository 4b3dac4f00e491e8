/// What a caller orders when creating a prediction, checked as the service checks it.
package struct PredictionOrder: Sendable {
    package let model: String
    package let version: String
    package let input: JSONValue
    package let picture: PictureRequest
    package let outputs: Int
    package let webhook: PredictionWebhook?

    /// Reads the body of a create call.
    /// - Parameter model: the model named by the path; nil when the body must name a version.
    package init(body: [UInt8], model pathModel: String?, seed: UInt64) throws(ImageProblem) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw ImageProblem(status: 400, title: "Bad request", detail: "The body is not valid JSON: \(error).")
        }
        guard let object = value.object else { throw .invalid("body", "must be a JSON object") }
        (model, version) = try Self.model(object, pathModel: pathModel)
        guard let input = object["input"], input.object != nil else { throw .invalid("input", "input is required") }
        self.input = input
        guard let prompt = input["prompt"]?.text, prompt.contains(where: { !$0.isWhitespace }) else {
            throw .invalid("input.prompt", "prompt is required")
        }
        let size = try Self.size(input)
        outputs = try Self.outputs(input)
        let chosen = input["seed"]?.whole.map { UInt64(bitPattern: Int64($0)) }
        picture = PictureRequest(
            prompt: prompt, seed: Chance.hash(prompt, seed: chosen ?? seed), width: size.width, height: size.height)
        webhook = try Self.webhook(object)
    }

    /// Models of this family answer a single link; the others a list.
    package var hasSingleOutput: Bool { ["ideogram", "recraft", "imagen"].contains { model.contains($0) } }

    private static func model(
        _ object: JSONObject, pathModel: String?
    ) throws(ImageProblem) -> (model: String, version: String) {
        if let pathModel { return (pathModel, "hidden") }
        guard object["model"] == nil else { throw .invalid("model", "Additional property model is not allowed") }
        guard let version = object["version"]?.text, !version.isEmpty else {
            throw .invalid("version", "version is required")
        }
        let parts = version.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let hash = parts.last ?? ""
        let isHash = hash.count == 64 && hash.allSatisfy(\.isHexDigit)
        let isNamed = parts[0].split(separator: "/").count == 2
        switch (parts.count, isNamed, isHash) {
        case (1, true, _): return (version, "hidden")
        case (1, false, true): return ("sandbox/model", hash)
        case (2, true, true): return (parts[0], hash)
        default:
            throw ImageProblem(
                status: 422, title: "Invalid version or not permitted",
                detail: "The specified version does not exist (or perhaps you don't have permission to use it?)")
        }
    }

    private static let ratios: [String: (width: Int, height: Int)] = [
        "16:9": (1024, 576), "1:1": (768, 768), "21:9": (1120, 480), "3:2": (960, 640), "2:3": (640, 960),
        "4:5": (704, 880), "5:4": (880, 704), "3:4": (720, 960), "4:3": (960, 720), "9:16": (576, 1024),
        "9:21": (480, 1120), "16:10": (1024, 640), "10:16": (640, 1024), "3:1": (1152, 384), "1:3": (384, 1152),
        "1:2": (512, 1024), "2:1": (1024, 512),
    ]

    private static func size(_ input: JSONValue) throws(ImageProblem) -> (width: Int, height: Int) {
        if let value = input["resolution"]?.text, let size = PictureRequest.size(of: value) { return size }
        guard let value = input["aspect_ratio"], !value.isNull else { return (1024, 576) }
        guard let size = ratios[value.text ?? ""] else {
            throw .invalid(
                "input.aspect_ratio", "aspect_ratio must be one of: \(ratios.keys.sorted().joined(separator: ", "))")
        }
        return size
    }

    private static func outputs(_ input: JSONValue) throws(ImageProblem) -> Int {
        guard let value = input["num_outputs"], !value.isNull else { return 1 }
        guard let count = value.whole, (1...4).contains(count) else {
            throw .invalid("input.num_outputs", "Must be 1 to 4")
        }
        return count
    }

    private static func webhook(_ object: JSONObject) throws(ImageProblem) -> PredictionWebhook? {
        guard let value = object["webhook"], !value.isNull else { return nil }
        guard let url = value.text, url.hasPrefix("https://") || url.hasPrefix("http://"), url.count <= 2000,
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .invalid("webhook", "webhook must be a URL with a scheme of http or https") }
        var events: Set<PredictionWebhook.Event> = Set(PredictionWebhook.Event.allCases)
        if let filter = object["webhook_events_filter"], !filter.isNull {
            let names = (filter.items ?? []).map { PredictionWebhook.Event(rawValue: $0.text ?? "") }
            guard filter.items != nil, !names.contains(nil) else {
                throw .invalid("webhook_events_filter", "must be a list of start, output, logs, completed")
            }
            events = Set(names.compactMap { $0 })
        }
        return PredictionWebhook(url: url, events: events)
    }
}
