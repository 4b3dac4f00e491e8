/// How names, labels and numbers are written in the Prometheus text format.
enum PrometheusText {
    static func head(of name: String, kind: String, help: String?) -> String {
        "# HELP \(name) \(escaped(help ?? name, quotes: false))\n# TYPE \(name) \(kind)\n"
    }

    static func sample(_ name: String, labels: String, _ value: Double) -> String {
        "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number(value))\n"
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { "\(name($0.0, colons: false))=\"\(escaped($0.1, quotes: true))\"" }.joined(separator: ",")
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    static func name(_ text: String, colons: Bool) -> String {
        let safe = String(
            text.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
                case ":" where colons: ":"
                default: "_"
                }
            })
        return safe.first.map { $0.isNumber } ?? true ? "_" + safe : safe
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var out = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quotes: out += "\\\""
            default: out.unicodeScalars.append(character)
            }
        }
        return out
    }
}
