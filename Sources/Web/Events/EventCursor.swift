import Engine

/// Remembers how far the events of all jobs were read.
///
/// Ids of different jobs may commit out of order: an event with a smaller id can appear after one with a larger id was
/// read. So each reading begins a little before the newest id, and what was seen is left out.
struct EventCursor: Sendable {
    /// How far back late events are looked for; a transaction would have to stay open while as many others commit.
    static let lookBack: Int64 = 256

    private(set) var newest: Int64
    private var seen: Set<Int64> = []

    init(after newest: Int64) { self.newest = newest }

    /// From where to read.
    var start: Int64 { max(0, newest - Self.lookBack) }

    /// Those of the events read that are new.
    mutating func admit(_ events: [JobEvent]) -> [JobEvent] {
        admit(events, id: \.id)
    }

    mutating func admit<Event>(_ events: [Event], id: (Event) -> Int64) -> [Event] {
        var fresh: [Event] = []
        for event in events where seen.insert(id(event)).inserted { fresh.append(event) }
        newest = max(newest, events.map(id).max() ?? 0)
        let start = start
        seen = seen.filter { $0 > start }
        return fresh
    }

    /// Takes what exists already as seen, so that following begins with what comes after.
    mutating func skip(_ events: [JobEvent]) { _ = admit(events) }
}
