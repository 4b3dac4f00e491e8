import ProductKit
import Providers

/// An event that a page reports.
package struct ReportedEvent: Sendable {
    let name: EventName
    /// Allow-listed members alone.
    let metadata: [String: String]

    private static let membersMax = 25
    private static let valueLengthMax = 180

    /// - Throws: `event.unknown`; `event.server_only`; `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> ReportedEvent {
        var reader = try FieldReader(body: body)
        let text = reader.required("event_name", length: 1...64)
        let members = reader.member("metadata")
        if let members, members.object == nil { reader.complain("metadata", "must be an object") }
        try reader.close()
        guard let name = EventName(rawValue: text == "remix_click" ? "remix_clicked" : text) else {
            let known = EventName.allCases.filter { !$0.isServerOnly }.map(\.rawValue).joined(separator: ", ")
            throw ArenaError(.eventUnknown, "There is no such event.", hint: "Known are: \(known).")
        }
        guard !name.isServerOnly else {
            throw ArenaError(
                .eventServerOnly, "The server records \(name.rawValue) itself.", hint: "Do the thing instead.")
        }
        return ReportedEvent(name: name, metadata: kept(members?.object ?? [:], of: name))
    }

    private static func kept(_ members: [String: JSON], of name: EventName) -> [String: String] {
        var kept: [String: String] = [:]
        for (key, value) in members.sorted(by: { $0.key < $1.key }).prefix(Self.membersMax)
        where name.keys.contains(key) {
            let text = value.string ?? value.integer.map(String.init)
            if let text { kept[key] = TextRules.oneLine(text, max: Self.valueLengthMax) }
        }
        return kept
    }
}
