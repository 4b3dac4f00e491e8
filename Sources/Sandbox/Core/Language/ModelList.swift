/// The models that the sandbox pretends to have: any name, but for the retired ones.
package enum ModelList {
    /// Names that real accounts no longer reach.
    static let retired: Set<String> = [
        "gpt-3.5-turbo", "gpt-4", "gpt-4-turbo", "gpt-4.1-nano", "o1", "o3-mini", "o4-mini", "sbx-retired",
    ]

    private static let listed: [(id: String, created: Int, shutdown: String?)] = [
        ("sandbox-small", 1_760_000_000, nil), ("sandbox-large", 1_760_000_000, nil),
        ("gpt-4o-mini", 1_721_172_741, "2027-01-14"), ("gpt-4o", 1_715_367_049, "2027-01-14"),
        ("gpt-6-luna", 1_780_000_000, nil), ("gpt-6-sol", 1_780_000_000, nil), ("gpt-image-2", 1_780_000_000, nil),
    ]

    package static func exists(_ model: String) -> Bool { !retired.contains(model) && model != "sbx-404" }

    package static var json: JSONValue {
        ["object": "list", "data": .array(listed.map { json(id: $0.id, created: $0.created, shutdown: $0.shutdown) })]
    }

    package static func json(of model: String) -> JSONValue? {
        guard exists(model) else { return nil }
        let known = listed.first { $0.id == model }
        return json(id: model, created: known?.created ?? 1_760_000_000, shutdown: known?.shutdown)
    }

    private static func json(id: String, created: Int, shutdown: String?) -> JSONValue {
        [
            "id": .string(id), "object": "model", "created": .int(created), "owned_by": "sandbox",
            "shutdown_date": JSONValue(shutdown),
        ]
    }
}
