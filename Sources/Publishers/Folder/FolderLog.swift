import FoundationEssentials
import Outbound

/// What happened in a site's folder, one JSON object a line, never rewritten: for anyone who checks from outside.
struct FolderLog {
    enum Event: String { case created, published, removed }

    let path: String

    func append(_ event: Event, _ record: PostRecord, at date: Date) throws {
        try DurableFile.appendLine(line(event, record, at: date), to: path)
    }

    /// For repeated calls: a crash may have come between the act and its line.
    func appendUnlessThere(_ event: Event, _ record: PostRecord, at date: Date) throws {
        // Every line begins alike, so the part before the time is enough to know it again.
        let known = Self.beginning(event, record)
        let log = try DurableFile.read(path, bytesMax: 1 << 30) ?? []
        let isThere = log.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: Array(known.utf8)) }
        if !isThere { try append(event, record, at: date) }
    }

    private func line(_ event: Event, _ record: PostRecord, at date: Date) -> String {
        let time = JSONText.string(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return "\(Self.beginning(event, record)),\"at\":\(time),\"sandbox\":\(JSONText.bool(record.isSandbox))}"
    }

    private static func beginning(_ event: Event, _ record: PostRecord) -> String {
        let members = JSONText.object([
            ("event", .string(event.rawValue)), ("slug", .string(record.slug)), ("marker", .string(record.marker)),
        ])
        return String(members.text.dropLast())
    }
}
