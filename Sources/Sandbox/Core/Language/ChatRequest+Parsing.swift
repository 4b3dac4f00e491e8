extension ChatRequest {
    /// Members that the service knows. Any other is refused, as the service does.
    private static let known: Set<String> = [
        "model", "messages", "max_completion_tokens", "max_tokens", "temperature", "top_p", "n", "stop", "seed",
        "response_format", "stream", "stream_options", "reasoning_effort", "verbosity", "service_tier", "metadata",
        "store", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "user", "presence_penalty",
        "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "tools", "tool_choice", "parallel_tool_calls",
        "modalities", "prediction",
    ]
    private static let roles: Set<String> = ["developer", "system", "user", "assistant", "tool"]
    private static let choicesMax = 8

    /// Reads the body of `POST /v1/chat/completions`.
    /// - Throws: the first ``ChatProblem`` found, with the parameter it is about.
    package init(body: [UInt8]) throws(ChatProblem) {
        let object = try Self.object(body, known: Self.known)
        model = try Self.model(object["model"])
        messages = try Self.messages(object["messages"])
        tokensMax = try Self.tokensMax(object, model: model)
        if let choices = try Self.whole(object, "n", in: 1...Self.choicesMax) { self.choices = choices }
        try checkSampling(object)
        try readFormat(object["response_format"])
        try readStreaming(object)
    }

    private static let responsesKnown: Set<String> = [
        "model", "input", "instructions", "max_output_tokens", "temperature", "top_p", "text", "reasoning", "store",
        "stream", "stream_options", "metadata", "truncation", "service_tier", "safety_identifier", "prompt_cache_key",
        "include", "background", "previous_response_id", "parallel_tool_calls", "tool_choice", "tools", "user",
    ]

    /// Reads the body of `POST /v1/responses`.
    package init(responsesBody body: [UInt8]) throws(ChatProblem) {
        let object = try Self.object(body, known: Self.responsesKnown)
        wire = .responses
        model = try Self.model(object["model"])
        messages = try Self.input(object["input"])
        if let instructions = object["instructions"]?.text {
            messages.insert(Message(role: "developer", text: instructions), at: 0)
        }
        tokensMax = try Self.whole(object, "max_output_tokens", in: 16...1_000_000)
        try checkSampling(object)
        try readResponsesFormat(object["text"]?["format"])
        streams = object["stream"]?.flag ?? false
    }

    private static func input(_ value: JSONValue?) throws(ChatProblem) -> [Message] {
        if let text = value?.text { return [Message(role: "user", text: text)] }
        guard let items = value?.items, !items.isEmpty else {
            throw ChatProblem(
                "Missing required parameter: 'input'.", param: "input", code: "missing_required_parameter")
        }
        var messages: [Message] = []
        for (index, item) in items.enumerated() {
            guard let role = item["role"]?.text, roles.contains(role) else {
                throw ChatProblem("Invalid role.", param: "input[\(index)].role", code: "invalid_value")
            }
            let parts = item["content"]?.items ?? []
            let text = item["content"]?.text ?? parts.compactMap { $0["text"]?.text }.joined(separator: "\n")
            messages.append(Message(role: role, text: text))
        }
        return messages
    }

    /// The format's members stand a level higher than in a chat completion.
    private mutating func readResponsesFormat(_ value: JSONValue?) throws(ChatProblem) {
        guard let value, value["type"]?.text == "json_schema" else { return try readFormat(value) }
        schema = try Self.schema(value)
    }

    /// Models that reason take the usual temperature only.
    private func checkSampling(_ object: JSONObject) throws(ChatProblem) {
        try Self.checkNumber(object, "temperature", in: 0...2)
        try Self.checkNumber(object, "top_p", in: 0...1)
        guard Self.isReasoning(model) else { return }
        for name in ["temperature", "top_p"] {
            guard let number = object[name]?.number, number != 1 else { continue }
            throw ChatProblem(
                "Unsupported value: '\(name)' does not support \(number) with this model. "
                    + "Only the default (1) value is supported.", param: name, code: "unsupported_value")
        }
    }

    private static func isReasoning(_ model: String) -> Bool {
        ["o1", "o3", "o4", "gpt-5", "gpt-6"].contains(where: model.hasPrefix)
    }

    private static func object(_ body: [UInt8], known: Set<String>) throws(ChatProblem) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw ChatProblem("The body of the request is not valid JSON: \(error).")
        }
        guard let object = value.object else { throw ChatProblem("The body of the request must be a JSON object.") }
        if let stranger = object.members.first(where: { !known.contains($0.name) })?.name {
            throw ChatProblem(
                "Unknown parameter: '\(stranger.prefix(80))'.", param: String(stranger.prefix(80)),
                code: "unknown_parameter")
        }
        return object
    }

    private static func model(_ value: JSONValue?) throws(ChatProblem) -> String {
        guard let model = value?.text, !model.isEmpty else {
            throw ChatProblem("You must provide a model parameter.", param: "model")
        }
        guard model.count <= 200 else { throw ChatProblem("The model name is too long.", param: "model") }
        return model
    }

    private static func messages(_ value: JSONValue?) throws(ChatProblem) -> [Message] {
        guard let items = value?.items, !items.isEmpty else {
            throw ChatProblem("'messages' must be an array with at least one message.", param: "messages")
        }
        var messages: [Message] = []
        for (index, item) in items.enumerated() {
            guard let role = item["role"]?.text, roles.contains(role) else {
                throw ChatProblem(
                    "Invalid role: must be one of \(roles.sorted().joined(separator: ", ")).",
                    param: "messages[\(index)].role", code: "invalid_value")
            }
            messages.append(Message(role: role, text: try text(item["content"], at: index)))
        }
        return messages
    }

    /// The text of a message: a string, or the text of its parts.
    private static func text(_ content: JSONValue?, at index: Int) throws(ChatProblem) -> String {
        if let text = content?.text { return text }
        guard let parts = content?.items, !parts.isEmpty else {
            throw ChatProblem(
                "Invalid content: must be a string or an array of parts.", param: "messages[\(index)].content",
                code: "invalid_type")
        }
        var texts: [String] = []
        for part in parts {
            switch part["type"]?.text {
            case "text": texts.append(part["text"]?.text ?? "")
            case "image_url": continue
            default: throw ChatProblem("Invalid part.", param: "messages[\(index)].content", code: "invalid_value")
            }
        }
        return texts.joined(separator: "\n")
    }

    private static func tokensMax(_ object: JSONObject, model: String) throws(ChatProblem) -> Int? {
        let range = 1...1_000_000
        let old = try whole(object, "max_tokens", in: range)
        if old != nil, isReasoning(model) {
            throw ChatProblem(
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                    + "Use 'max_completion_tokens' instead.", param: "max_tokens", code: "unsupported_parameter")
        }
        return try whole(object, "max_completion_tokens", in: range) ?? old
    }

    private static func whole(
        _ object: JSONObject, _ name: String, in range: ClosedRange<Int>
    ) throws(ChatProblem) -> Int? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let number = value.whole, range.contains(number) else {
            throw ChatProblem(
                "Invalid '\(name)': must be a whole number from \(range.lowerBound) to \(range.upperBound).",
                param: name, code: "invalid_value")
        }
        return number
    }

    private static func checkNumber(
        _ object: JSONObject, _ name: String, in range: ClosedRange<Double>
    ) throws(ChatProblem) {
        guard let value = object[name], !value.isNull else { return }
        guard let number = value.number, range.contains(number) else {
            throw ChatProblem(
                "Invalid '\(name)': must be a number from \(range.lowerBound) to \(range.upperBound).", param: name,
                code: "invalid_value")
        }
    }

    private mutating func readFormat(_ value: JSONValue?) throws(ChatProblem) {
        guard let value, !value.isNull else { return }
        switch value["type"]?.text {
        case "text": return
        case "json_object":
            wantsJSONObject = true
            guard prompt.lowercased().contains("json") else {
                throw ChatProblem(
                    "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
                        + "'json_object'.", param: "messages")
            }
        case "json_schema": schema = try Self.schema(value["json_schema"])
        default:
            throw ChatProblem(
                "Invalid value for 'response_format.type': must be text, json_object or json_schema.",
                param: "response_format.type", code: "invalid_value")
        }
    }

    private static func schema(_ value: JSONValue?) throws(ChatProblem) -> Schema {
        guard let name = value?["name"]?.text, (1...64).contains(name.count),
            name.utf8.allSatisfy({ isNameByte($0) })
        else {
            throw ChatProblem(
                "Invalid 'response_format.json_schema.name': 1 to 64 letters, digits, '_' or '-'.",
                param: "response_format.json_schema.name", code: "invalid_value")
        }
        guard let schema = value?["schema"], schema.object != nil else {
            throw ChatProblem(
                "Missing required parameter: 'response_format.json_schema.schema'.",
                param: "response_format.json_schema.schema", code: "missing_required_parameter")
        }
        if value?["strict"]?.flag == true, let problem = StrictSchema(schema).problem {
            throw ChatProblem("Invalid schema for response_format '\(name)': \(problem)", param: "response_format")
        }
        return Schema(name: name, schema: schema)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let character = Character(Unicode.Scalar(byte))
        return character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }

    private mutating func readStreaming(_ object: JSONObject) throws(ChatProblem) {
        if let value = object["stream"], !value.isNull {
            guard let flag = value.flag else {
                throw ChatProblem("Invalid type for 'stream'.", param: "stream", code: "invalid_type")
            }
            streams = flag
        }
        guard let options = object["stream_options"], !options.isNull else { return }
        guard streams else {
            throw ChatProblem("'stream_options' is only allowed when 'stream' is true.", param: "stream_options")
        }
        streamsUsage = options["include_usage"]?.flag ?? false
        obfuscates = options["include_obfuscation"]?.flag ?? true
    }
}
