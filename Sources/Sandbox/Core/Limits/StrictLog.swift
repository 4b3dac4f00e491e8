/// A limit kept by remembering what was admitted in the last sixty seconds: never more than the limit in any of them.
package struct StrictLog: Sendable {
    private struct Entry: Sendable {
        let time: Duration
        let amount: Int
    }
    private static let window = Duration.seconds(60)

    package let perMinute: Int
    package private(set) var used = 0
    private var entries: [Entry] = []
    // Entries before this index have left the window; they are dropped in bulk, so that each costs constant time.
    private var first = 0
    private var now: Duration = .zero

    package init(perMinute: Int) { self.perMinute = perMinute }

    package var reset: Duration { entries.last.map { $0.time + Self.window - now } ?? .zero }

    package mutating func advance(to time: Duration) {
        now = max(now, time)
        while first < entries.count, entries[first].time + Self.window <= now {
            used -= entries[first].amount
            first += 1
        }
        if first > 1024 || first == entries.count {
            entries.removeFirst(first)
            first = 0
        }
    }

    package func wait(for amount: Int) -> Duration? {
        guard amount <= perMinute else { return nil }
        var excess = used + amount - perMinute
        for entry in entries[first...] where excess > 0 {
            excess -= entry.amount
            if excess <= 0 { return entry.time + Self.window - now }
        }
        return .zero
    }

    package mutating func spend(_ amount: Int) {
        entries.append(Entry(time: now, amount: amount))
        used += amount
    }
}
