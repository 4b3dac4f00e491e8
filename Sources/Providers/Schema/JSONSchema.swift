/// The shape an answer must have, in the subset that providers enforce themselves (strict structured output).
///
/// Encodes itself for the request and checks a decoded answer, so both sides speak of one and the same shape.
/// Every property of an object is required; what may be missing is ``nullable``.
package struct JSONSchema: Sendable, Equatable {
    package indirect enum Shape: Sendable, Equatable {
        case object([Property])
        case array(of: JSONSchema, count: ClosedRange<Int>)
        /// Lengths count characters. Providers do not enforce them; the description tells the model, ``check(_:)`` us.
        case string(length: ClosedRange<Int>)
        case integer(ClosedRange<Int>?)
        case number
        case boolean
        case choice([String])
    }

    /// One member of an object. Order is kept: models write members in the order in which they read them.
    package struct Property: Sendable, Equatable {
        package let name: String
        package let schema: JSONSchema
    }

    package var shape: Shape
    /// Read by the model.
    package var description: String?
    package var isNullable = false
    /// The name that the request gives to the root; letters, digits, "_" and "-", at most 64.
    package var name = "answer"

    init(_ shape: Shape, _ description: String?) {
        self.shape = shape
        self.description = description
    }

    /// The same shape, or null.
    package var nullable: JSONSchema {
        var schema = self
        schema.isNullable = true
        return schema
    }

    /// - Precondition: names are not empty and differ.
    package static func object(
        name: String = "answer", _ properties: KeyValuePairs<String, JSONSchema>, description: String? = nil
    ) -> JSONSchema {
        precondition(Set(properties.map(\.key)).count == properties.count, "an object names each member once")
        precondition(
            !name.isEmpty && name.utf8.count <= 64
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") },
            "a schema's name is letters, digits, _ and -")
        var schema = JSONSchema(.object(properties.map { Property(name: $0.key, schema: $0.value) }), description)
        schema.name = name
        return schema
    }
    package static func array(
        of item: JSONSchema, count: ClosedRange<Int>, _ description: String? = nil
    ) -> JSONSchema { JSONSchema(.array(of: item, count: count), description) }
    package static func string(_ description: String? = nil, length: ClosedRange<Int> = 0...100_000) -> JSONSchema {
        JSONSchema(.string(length: length), description)
    }
    package static func integer(_ description: String? = nil, in range: ClosedRange<Int>? = nil) -> JSONSchema {
        JSONSchema(.integer(range), description)
    }
    package static func number(_ description: String? = nil) -> JSONSchema { JSONSchema(.number, description) }
    package static func boolean(_ description: String? = nil) -> JSONSchema { JSONSchema(.boolean, description) }
    package static func choice(_ values: [String], _ description: String? = nil) -> JSONSchema {
        precondition(!values.isEmpty, "a choice offers something")
        return JSONSchema(.choice(values), description)
    }
}
