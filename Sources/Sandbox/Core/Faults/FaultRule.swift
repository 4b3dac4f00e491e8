/// One line of a fault script: when something goes wrong, and what.
///
/// In JSON: `{"when": {"operation": "article", "nth": 2}, "fault": "rate_limited", "retryAfter": 5}`.
/// Without a position (`nth`, `every`, `probability`) it strikes every call that the rest of `when` describes.
package struct FaultRule: Sendable, Equatable {
    /// Which calls; what is nil does not matter.
    package struct When: Sendable, Equatable {
        package var operation: Operation?
        /// Model name, in full.
        package var model: String?
        /// A text that the prompt holds, upper or lower case alike.
        package var match: String?
        /// The nth such call, counted from one.
        package var nth: Int?
        /// Every so manieth such call.
        package var every: Int?
        /// With this chance, 0 to 1.
        package var probability: Double?

        package init(
            operation: Operation? = nil, model: String? = nil, match: String? = nil, nth: Int? = nil,
            every: Int? = nil, probability: Double? = nil
        ) {
            self.operation = operation
            self.model = model
            self.match = match
            self.nth = nth
            self.every = every
            self.probability = probability
        }
    }

    package var when: When
    package var fault: Fault
    /// Sandbox seconds to wait that a refusal names; nil names none.
    package var retryAfter: Double?
    /// What the answer's `Retry-After` says instead, as it stands: a date, a number out of bounds, nonsense. At most
    /// 200 characters of ASCII.
    package var retryAfterText: String?
    /// How often it may strike; nil is without limit.
    package var count: Int?

    package init(
        when: When = When(), fault: Fault, retryAfter: Double? = nil, retryAfterText: String? = nil, count: Int? = nil
    ) {
        self.when = when
        self.fault = fault
        self.retryAfter = retryAfter
        self.retryAfterText = retryAfterText
        self.count = count
    }

    /// What makes the rule senseless, in words.
    package var problems: [String] {
        var problems: [String] = []
        func check(_ holds: Bool, _ problem: String) { if !holds { problems.append(problem) } }
        check(
            [when.nth != nil, when.every != nil, when.probability != nil].count { $0 } <= 1,
            "use one of nth, every and probability")
        check(when.nth ?? 1 >= 1, "nth counts from 1")
        check(when.every ?? 1 >= 1, "every must be at least 1")
        check((0...1).contains(when.probability ?? 0), "probability must be 0 to 1")
        check((0...86_400).contains(retryAfter ?? 0), "retryAfter must be 0 to 86400 seconds")
        let text = (retryAfterText ?? "").utf8
        check(
            text.count <= 200 && text.allSatisfy { (0x20..<0x7F).contains($0) },
            "retryAfterText must be at most 200 characters of ASCII")
        check(count ?? 1 >= 1, "count must be at least 1")
        if let operation = when.operation, !fault.applies(to: operation) {
            problems.append("\(fault.rawValue) cannot happen to \(operation.rawValue)")
        }
        return problems
    }
}

extension FaultRule.When: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case operation, model, match, nth, every, probability
    }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: CodingKeys.self)
        operation = try values.decodeIfPresent(Operation.self, forKey: .operation)
        model = try values.decodeIfPresent(String.self, forKey: .model)
        match = try values.decodeIfPresent(String.self, forKey: .match)
        nth = try values.decodeIfPresent(Int.self, forKey: .nth)
        every = try values.decodeIfPresent(Int.self, forKey: .every)
        probability = try values.decodeIfPresent(Double.self, forKey: .probability)
    }
}

extension FaultRule: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case when, fault, retryAfter, retryAfterText, count }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: CodingKeys.self)
        when = try values.decodeIfPresent(When.self, forKey: .when) ?? When()
        fault = try values.decode(Fault.self, forKey: .fault)
        retryAfter = try values.decodeIfPresent(Double.self, forKey: .retryAfter)
        retryAfterText = try values.decodeIfPresent(String.self, forKey: .retryAfterText)
        count = try values.decodeIfPresent(Int.self, forKey: .count)
    }
}
