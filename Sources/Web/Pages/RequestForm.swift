/// The fields of the request form, as they were typed.
struct RequestForm: Sendable {
    private var fields: [String: String]

    init(_ form: FormFields) { fields = Dictionary(form.pairs.map { ($0, $1) }, uniquingKeysWith: { _, last in last }) }

    init(site: String?, once: String) {
        fields = ["once": once]
        fields["site"] = site
    }

    subscript(_ name: String) -> String { fields[name] ?? "" }

    /// The request in the API's words; what was left empty is left to the site's settings.
    var json: JSONValue {
        var members: [String: JSONValue] = [:]
        for name in ["sourceType", "sourceId", "tone", "language", "audience", "image", "publishMode"] {
            if let value = self[name].trimmed { members[name] = .string(value) }
        }
        for name in ["keywords", "avoid"] {
            let items = self[name].split(separator: ",").compactMap { String($0).trimmed }
            if !items.isEmpty { members[name] = .array(items.map(JSONValue.string)) }
        }
        // What is no number is passed on as it is, so that the answer can say so.
        if let words = self["words"].trimmed {
            members["words"] = Int64(words).map(JSONValue.integer) ?? .string(words)
        }
        if let answer = Bool(self["autoSelect"]) { members["autoSelect"] = .bool(answer) }
        return .object(members)
    }
}

extension String {
    fileprivate var trimmed: String? {
        let text = drop { $0.isWhitespace }
        guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(text[...end])
    }
}
