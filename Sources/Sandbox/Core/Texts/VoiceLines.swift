/// The data of a prompt that asks for a text in somebody's voice: lines of the form `Name: value`.
struct VoiceLines {
    private let values: [String: [String]]
    /// The whole prompt, so that what it shows already is not written again.
    let prompt: String

    init(reading messages: [ChatRequest.Message]) {
        prompt = messages.map(\.text).joined(separator: "\n")
        var values: [String: [String]] = [:]
        let text = messages.first { $0.role == "user" }?.text ?? ""
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstRange(of: ": "), line[..<colon.lowerBound].count <= 80 else { continue }
            values[line[..<colon.lowerBound].lowercased(), default: []].append(String(line[colon.upperBound...]))
        }
        self.values = values
    }

    subscript(_ name: String) -> String? { values[name]?.last }

    func all(beginning prefix: String) -> [String] {
        values.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// What the persona, or either side, never says.
    var forbidden: [String] {
        values.filter { $0.key.hasSuffix("never says") }.flatMap(\.value).map { $0.lowercased() }
    }

    var language: String { self["language"] ?? "en" }

    /// The longest words of a text, which say best what it is about.
    static func tellingWords(of text: String, _ count: Int) -> [String] {
        var seen: Set<String> = []
        let words = text.split { !($0.isLetter || $0 == "-") }.map(String.init)
            .filter { $0.count > 3 && seen.insert($0.lowercased()).inserted }
        let chosen = Set(words.sorted { ($0.count, $1) > ($1.count, $0) }.prefix(count))
        return words.filter { chosen.contains($0) }.prefix(count).map { $0.lowercased() }
    }
}
