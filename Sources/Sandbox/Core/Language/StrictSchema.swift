/// Checks a JSON schema against the subset that structured outputs take.
///
/// The root is an object; every object lists all its properties as required and closes itself; some keywords do not
/// exist; sizes are bounded.
package struct StrictSchema {
    private static let levelsMax = 10
    private static let propertiesMax = 5000
    private static let charactersMax = 120_000
    private static let enumValuesMax = 1000
    private static let forbidden = [
        "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties",
    ]
    private static let types: Set<String> = ["object", "array", "string", "number", "integer", "boolean", "null"]
    private static let formats: Set<String> = [
        "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid",
    ]

    /// What is wrong with the schema, in words; nil when it can be used.
    package let problem: String?

    package init(_ schema: JSONValue) {
        var inspection = Inspection(root: schema)
        problem = inspection.run()
    }

    private struct Inspection {
        let root: JSONValue
        var properties = 0
        var characters = 0
        var enumValues = 0

        mutating func run() -> String? {
            guard root["type"]?.text == "object" else { return "schema must be of type 'object' at its root." }
            guard root["anyOf"] == nil else { return "the root must not be an anyOf." }
            if let problem = inspect(root, at: "()", level: 0) { return problem }
            for member in (root["$defs"] ?? root["definitions"])?.object?.members ?? [] {
                characters += member.name.unicodeScalars.count
                if let problem = inspect(member.value, at: "('$defs', '\(member.name)')", level: 0) { return problem }
            }
            if properties > propertiesMax { return "more than \(propertiesMax) properties." }
            if characters > charactersMax { return "names and values have more than \(charactersMax) characters." }
            return enumValues > enumValuesMax ? "more than \(enumValuesMax) enum values." : nil
        }

        private mutating func inspect(_ schema: JSONValue, at place: String, level: Int) -> String? {
            guard let object = schema.object else { return "in context=\(place), a schema must be an object." }
            guard level <= levelsMax else { return "in context=\(place), more than \(levelsMax) levels." }
            if let keyword = forbidden.first(where: { object[$0] != nil }) {
                return "in context=\(place), '\(keyword)' is not permitted."
            }
            if let reference = object["$ref"] { return checkReference(reference, at: place) }
            if let branches = object["anyOf"] { return inspect(branches: branches, at: place, level: level) }
            countValues(of: object)
            guard let types = typeNames(of: object) else {
                return object["enum"] == nil && object["const"] == nil
                    ? "in context=\(place), schema must have a 'type' key." : nil
            }
            if let stranger = types.first(where: { !StrictSchema.types.contains($0) }) {
                return "in context=\(place), '\(stranger)' is not a type."
            }
            if let format = object["format"]?.text, types.contains("string"), !formats.contains(format) {
                return "in context=\(place), format '\(format)' is not supported."
            }
            if types.contains("object"), let problem = inspect(object: object, at: place, level: level) {
                return problem
            }
            guard types.contains("array") else { return nil }
            guard let items = object["items"] else { return "in context=\(place), array schema missing items." }
            return inspect(items, at: "\(place).items", level: level + 1)
        }

        private func typeNames(of object: JSONObject) -> [String]? {
            object["type"]?.text.map { [$0] } ?? object["type"]?.items?.map { $0.text ?? "?" }
        }

        private mutating func countValues(of object: JSONObject) {
            for value in (object["enum"]?.items ?? []) + [object["const"]].compactMap({ $0 }) {
                enumValues += 1
                characters += value.text?.unicodeScalars.count ?? 1
            }
        }

        private mutating func inspect(branches: JSONValue, at place: String, level: Int) -> String? {
            guard let branches = branches.items, !branches.isEmpty else {
                return "in context=\(place), anyOf must be a list of schemas."
            }
            for (index, branch) in branches.enumerated() {
                if let problem = inspect(branch, at: "\(place).anyOf[\(index)]", level: level) { return problem }
            }
            return nil
        }

        private mutating func inspect(object: JSONObject, at place: String, level: Int) -> String? {
            guard object["additionalProperties"] == .bool(false) else {
                return "in context=\(place), 'additionalProperties' is required to be supplied and to be false."
            }
            let members = object["properties"]?.object?.members ?? []
            let required = Set((object["required"]?.items ?? []).compactMap(\.text))
            if let missing = members.first(where: { !required.contains($0.name) })?.name {
                return "in context=\(place), 'required' must list every property; '\(missing)' is missing."
            }
            if let stranger = required.sorted().first(where: { name in !members.contains { $0.name == name } }) {
                return "in context=\(place), 'required' names '\(stranger)', which is not a property."
            }
            properties += members.count
            for member in members {
                characters += member.name.unicodeScalars.count
                let place = "\(place).'\(member.name)'"
                if let problem = inspect(member.value, at: place, level: level + 1) { return problem }
            }
            return nil
        }

        private func checkReference(_ reference: JSONValue, at place: String) -> String? {
            JSONReference.resolve(reference.text ?? "", in: root) == nil
                ? "in context=\(place), '$ref' points nowhere." : nil
        }
    }
}

/// Pointers within a schema: `#`, `#/$defs/name`.
package enum JSONReference {
    package static func resolve(_ reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var value: JSONValue? = root
        for step in reference.dropFirst().split(separator: "/") {
            value = value?[String(step).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
        return value
    }
}
