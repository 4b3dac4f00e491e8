import Outbound

extension JSONSchema {
    /// This schema as providers read it in `response_format.json_schema.schema`, members in their order.
    package var jsonText: JSONText { .object(shapeMembers + [("description", fullDescription.map { .string($0) })]) }

    private var shapeMembers: [(String, JSONText?)] {
        switch shape {
        case .object(let properties):
            [
                type("object"),
                ("properties", .object(properties.map { ($0.name, $0.schema.jsonText) })),
                ("required", .array(properties.map { .string($0.name) })),
                ("additionalProperties", .bool(false)),
            ]
        case .array(let item, let count):
            [
                type("array"), ("items", item.jsonText), ("minItems", .integer(count.lowerBound)),
                ("maxItems", .integer(count.upperBound)),
            ]
        case .string: [type("string")]
        case .integer(let range):
            [
                type("integer"), ("minimum", range.map { .integer($0.lowerBound) }),
                ("maximum", range.map { .integer($0.upperBound) }),
            ]
        case .number: [type("number")]
        case .boolean: [type("boolean")]
        case .choice(let values):
            [type("string"), ("enum", .array(values.map { .string($0) } + (isNullable ? [.null] : [])))]
        }
    }

    private func type(_ name: String) -> (String, JSONText?) {
        ("type", isNullable ? .array([.string(name), .string("null")]) : .string(name))
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
