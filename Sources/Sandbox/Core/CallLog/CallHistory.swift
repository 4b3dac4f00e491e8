/// The latest calls, in memory.
package struct CallHistory: Sendable {
    /// Enough for three calls of each of 5,000 articles and some polls.
    package static let callsMax = 50_000

    private var calls: [CallRecord] = []
    private var last = 0

    /// Adds a call and gives it its number.
    mutating func add(_ call: CallRecord) -> CallRecord {
        last += 1
        var call = call
        call.number = last
        // Dropped in bulk: taking the first of an array costs as much as its length.
        if calls.count >= 2 * Self.callsMax { calls.removeFirst(Self.callsMax) }
        calls.append(call)
        return call
    }

    /// Up to `limit` calls after a number, the oldest first.
    package func calls(after number: Int, limit: Int) -> ArraySlice<CallRecord> {
        guard let first = calls.first?.number else { return [] }
        return calls.dropFirst(max(0, number - first + 1)).prefix(max(0, limit))
    }
}
