/// A fault script being played: remembers which rule has seen and struck how many calls.
package struct FaultScript: Sendable {
    /// A fault that struck, with the wait it names.
    package struct Strike: Sendable, Equatable {
        package let fault: Fault
        /// Sandbox seconds.
        package let retryAfter: Double?
        /// What stands in the answer's `Retry-After` instead.
        package let retryAfterText: String?

        package init(_ fault: Fault, retryAfter: Double? = nil, retryAfterText: String? = nil) {
            self.fault = fault
            self.retryAfter = retryAfter
            self.retryAfterText = retryAfterText
        }
    }

    private struct Line: Sendable {
        let rule: FaultRule
        var seen = 0
        var struck = 0
    }
    private var lines: [Line]
    private var chance: Chance

    package init(_ rules: [FaultRule], seed: UInt64) {
        lines = rules.map { Line(rule: $0) }
        chance = Chance(seed: seed, about: "faults")
    }

    package var rules: [FaultRule] { lines.map(\.rule) }

    /// What befalls this call: the first rule that strikes. Every rule that describes the call counts it.
    package mutating func strike(_ operation: Operation, model: String?, prompt: String) -> Strike? {
        var strike: Strike?
        for index in lines.indices {
            let rule = lines[index].rule
            guard rule.describes(operation, model: model, prompt: prompt) else { continue }
            lines[index].seen += 1
            let isDue = rule.when.isDue(at: lines[index].seen, chance: &chance)
            guard strike == nil, isDue, lines[index].struck < rule.count ?? .max else { continue }
            lines[index].struck += 1
            strike = Strike(rule.fault, retryAfter: rule.retryAfter, retryAfterText: rule.retryAfterText)
        }
        return strike
    }
}

extension FaultRule {
    fileprivate func describes(_ operation: Operation, model: String?, prompt: String) -> Bool {
        guard fault.applies(to: operation) else { return false }
        if let wanted = when.operation, wanted != operation { return false }
        if let wanted = when.model, wanted != model { return false }
        if let wanted = when.match { return prompt.lowercased().contains(wanted.lowercased()) }
        return true
    }
}

extension FaultRule.When {
    /// Whether the nth call that the rule describes is to be struck.
    fileprivate func isDue(at position: Int, chance: inout Chance) -> Bool {
        if let nth { return position == nth }
        if let every { return position.isMultiple(of: every) }
        if let probability { return chance.unit() < probability }
        return true
    }
}
