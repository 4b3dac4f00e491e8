/// JSON that has been written: text that is valid by construction, with members in the order they were given.
///
/// Order matters to two readers: a model writes an answer's members in the schema's order, and a person reads a file.
package struct JSONText: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    private init(text: String) { self.text = text }

    package static let null = JSONText(text: "null")
    package static func bool(_ value: Bool) -> JSONText { JSONText(text: value ? "true" : "false") }
    package static func integer(_ value: Int) -> JSONText { JSONText(text: "\(value)") }
    /// - Precondition: finite; JSON has no other numbers.
    package static func number(_ value: Double) -> JSONText {
        precondition(value.isFinite, "JSON has no infinite numbers")
        return Int(exactly: value).map(integer) ?? JSONText(text: "\(value)")
    }
    package static func string(_ value: String) -> JSONText { JSONText(text: quote(value)) }
    package static func array(_ items: [JSONText]) -> JSONText {
        JSONText(text: "[\(items.map(\.text).joined(separator: ","))]")
    }
    /// Leaves out members whose value is nil.
    package static func object(_ members: [(String, JSONText?)]) -> JSONText {
        let written = members.compactMap { name, value in value.map { "\(quote(name)):\($0.text)" } }
        return JSONText(text: "{\(written.joined(separator: ","))}")
    }

    package var bytes: [UInt8] { Array(text.utf8) }
    package var description: String { text }

    /// Escapes what JSON requires, and also the separators and controls that YAML, JavaScript and terminals dislike.
    private static func quote(_ value: String) -> String {
        var quoted = "\""
        quoted.reserveCapacity(value.utf8.count + 2)
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
