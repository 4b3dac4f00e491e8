extension JSONSchema {
    /// This schema as providers read it in `response_format.json_schema.schema`.
    package var json: JSON {
        var members = shapeMembers
        if isNullable, let type = members["type"] { members["type"] = .array([type, "null"]) }
        if isNullable, case .array(let values)? = members["enum"] { members["enum"] = .array(values + [.null]) }
        if let text = fullDescription { members["description"] = .string(text) }
        return .object(members)
    }

    private var shapeMembers: [String: JSON] {
        switch shape {
        case .object(let properties):
            [
                "type": "object", "additionalProperties": false,
                "required": .array(properties.map { .string($0.name) }),
                "properties": .object(
                    Dictionary(properties.map { ($0.name, $0.schema.json) }, uniquingKeysWith: { $1 })),
            ]
        case .array(let item, let count):
            [
                "type": "array", "items": item.json, "minItems": .number(Double(count.lowerBound)),
                "maxItems": .number(Double(count.upperBound)),
            ]
        case .string: ["type": "string"]
        case .integer(let range):
            range.map {
                [
                    "type": "integer", "minimum": .number(Double($0.lowerBound)),
                    "maximum": .number(Double($0.upperBound)),
                ]
            } ?? ["type": "integer"]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .choice(let values): ["type": "string", "enum": .array(values.map { .string($0) })]
        }
    }

    /// Lengths of strings are outside the strict subset, so the description carries them.
    private var fullDescription: String? {
        guard case .string(let length) = shape, length != 0...100_000 else { return description }
        let bound =
            length.lowerBound > 0
            ? "\(length.lowerBound) to \(length.upperBound) characters." : "At most \(length.upperBound) characters."
        return [description, bound].compactMap { $0 }.joined(separator: " ")
    }
}
