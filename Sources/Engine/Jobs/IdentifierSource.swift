import Synchronization

/// Makes ids that sort by time and that no other process makes: 41 bits of milliseconds since 2026, 12 bits of the
/// process's incarnation, 10 bits of a counter.
///
/// Two processes 4,096 incarnations apart could only meet in the same millisecond at the same count; the primary key
/// then refuses the second insert.
package final class IdentifierSource: Sendable {
    static let epochMilliseconds: Int64 = 1_767_225_600_000  // 2026-01-01T00:00:00Z

    private let node: Int64
    private let last = Mutex((millisecond: Int64(0), count: Int64(0)))

    package init(incarnation: Incarnation) { node = incarnation.rawValue & 0xfff }

    /// - Parameter now: the database's clock in milliseconds since 1970; a clock that steps back does not repeat an id.
    package func next<ID: Identifier>(_ type: ID.Type = ID.self, at now: Double) -> ID {
        let (millisecond, count) = last.withLock { last in
            let millisecond = max(Int64(now) - Self.epochMilliseconds, 0)
            if millisecond > last.millisecond {
                last = (millisecond, 0)
            } else if last.count == 0x3ff {
                last = (last.millisecond + 1, 0)
            } else {
                last.count += 1
            }
            return last
        }
        return ID(rawValue: millisecond << 22 | node << 10 | count)
    }
}
