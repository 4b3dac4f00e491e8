import Database
import Engine
import ProductKit
import Synchronization

/// The id of one of Arena's things: a UUID of version 7, whose text sorts by the time it was made.
package protocol ArenaIdentifier: RawRepresentable<String>, Hashable, Comparable, Sendable, Codable, SQLEncodable,
    SQLDecodable, LosslessStringConvertible
{
    init(rawValue: String)
}

extension ArenaIdentifier {
    package var description: String { rawValue }

    /// Nil unless it is 36 characters of a UUID; capitals are accepted.
    package init?(_ description: String) {
        let parts = description.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12],
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) } })
        else { return nil }
        self.init(rawValue: description.lowercased())
    }

    package var sqlValue: SQLValue { .text(rawValue) }
    package static var sqlType: SQLType? { .text }
    package static func decode(_ row: borrowing Row, _ column: Int) throws -> Self {
        Self(rawValue: try String.decode(row, column))
    }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an id")
        }
        self = id
    }
}

package struct UserID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct SessionID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct PersonaID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct RoomID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
/// A battle is a post and bears its id.
package struct PostID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct ReplyID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct TemplateID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct OperationID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct NotificationID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct EventID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
package struct ReportID: ArenaIdentifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Makes ids that sort by time, and within a millisecond of one process by the order in which they were made: 48 bits of
/// milliseconds, 12 bits of a counter, 62 bits of chance (RFC 9562, 6.2).
final class TimeOrderedIDs: Sendable {
    private let random: RandomSource
    private let last = Mutex((millisecond: UInt64(0), count: UInt64(0)))

    init(random: RandomSource) { self.random = random }

    /// - Parameter now: a clock that steps back does not undo the order.
    func next<ID: ArenaIdentifier>(_ type: ID.Type = ID.self, at now: Timestamp) -> ID {
        let (millisecond, count) = last.withLock { last in
            let millisecond = UInt64(max(0, now.milliseconds))
            if millisecond > last.millisecond {
                last = (millisecond, 0)
            } else if last.count == 0xFFF {
                last = (last.millisecond + 1, 0)
            } else {
                last.count += 1
            }
            return last
        }
        let time = Self.hex(millisecond, 12)
        let chance = Self.hex(0x8000_0000_0000_0000 | (random.bits() >> 2), 16)
        return ID(
            rawValue:
                "\(time.prefix(8))-\(time.suffix(4))-7\(Self.hex(count, 3))-\(chance.prefix(4))-\(chance.suffix(12))")
    }

    private static func hex(_ number: UInt64, _ digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
