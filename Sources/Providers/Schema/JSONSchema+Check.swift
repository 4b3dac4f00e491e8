extension JSONSchema {
    /// One thing that is wrong with an answer, in words that a model and a person understand.
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// Where, such as `ideas[2].title`; empty for the whole answer.
        package let path: String
        /// What, such as "has 71 characters; at most 60 are allowed". Never repeats the answer's own text.
        package let complaint: String

        package init(path: String, complaint: String) {
            self.path = path
            self.complaint = complaint
        }

        package var description: String { path.isEmpty ? "the answer \(complaint)" : "\(path) \(complaint)" }
    }

    /// Everything that is wrong with `value`, at most ``problemsMax``; empty when it fits.
    package func check(_ value: JSON) -> [Problem] {
        var problems: [Problem] = []
        check(value, at: "", into: &problems)
        return Array(problems.prefix(Self.problemsMax))
    }

    package static let problemsMax = 20

    private func check(_ value: JSON, at path: String, into problems: inout [Problem]) {
        guard problems.count < Self.problemsMax else { return }
        if isNullable, value.isNull { return }
        switch (shape, value) {
        case (.object(let properties), .object(let members)):
            checkMembers(members, against: properties, at: path, into: &problems)
        case (.array(let item, let count), .array(let items)):
            complain(items.count, count, "item", at: path, into: &problems)
            for (index, each) in items.enumerated() { item.check(each, at: "\(path)[\(index)]", into: &problems) }
        case (.string(let length), .string(let text)):
            complain(text.count, length, "character", at: path, into: &problems)
        case (.integer(let range), .number(let number)):
            checkInteger(number, range, at: path, into: &problems)
        case (.choice(let values), .string(let text)):
            if !values.contains(text) {
                problems.append(Problem(path: path, complaint: "must be one of: \(values.joined(separator: ", "))"))
            }
        case (.number, .number), (.boolean, .bool): break
        default: problems.append(Problem(path: path, complaint: "must be \(noun), not \(value.noun)"))
        }
    }

    private func checkMembers(
        _ members: [String: JSON], against properties: [Property], at path: String, into problems: inout [Problem]
    ) {
        for property in properties {
            let place = path.isEmpty ? property.name : "\(path).\(property.name)"
            if let member = members[property.name] {
                property.schema.check(member, at: place, into: &problems)
            } else if !property.schema.isNullable {
                problems.append(Problem(path: place, complaint: "is missing"))
            }
        }
        // Unknown members are named by number only: their names are the model's text.
        let unknown = members.keys.filter { name in !properties.contains { $0.name == name } }.count
        if unknown > 0 {
            let allowed = properties.map(\.name).joined(separator: ", ")
            problems.append(Problem(path: path, complaint: "has \(unknown) unknown member(s); allowed are: \(allowed)"))
        }
    }

    private func checkInteger(
        _ number: Double, _ range: ClosedRange<Int>?, at path: String, into problems: inout [Problem]
    ) {
        guard let whole = Int(exactly: number) else {
            problems.append(Problem(path: path, complaint: "must be a whole number"))
            return
        }
        if let range, !range.contains(whole) {
            problems.append(
                Problem(path: path, complaint: "must be from \(range.lowerBound) to \(range.upperBound)"))
        }
    }

    private func complain(
        _ count: Int, _ range: ClosedRange<Int>, _ unit: String, at path: String, into problems: inout [Problem]
    ) {
        func units(_ number: Int) -> String { number == 1 ? "1 \(unit)" : "\(number) \(unit)s" }
        if count > range.upperBound {
            problems.append(
                Problem(path: path, complaint: "has \(units(count)); at most \(range.upperBound) are allowed"))
        } else if count < range.lowerBound {
            problems.append(
                Problem(path: path, complaint: "has \(units(count)); at least \(range.lowerBound) are needed"))
        }
    }

    private var noun: String {
        switch shape {
        case .object: "an object"
        case .array: "an array"
        case .string: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .choice: "text"
        }
    }
}

extension JSON {
    fileprivate var noun: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "text"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
