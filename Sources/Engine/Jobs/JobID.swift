import Database

/// A 64-bit number that sorts by the time it was made; text in JSON, because JavaScript rounds such numbers.
public protocol Identifier: RawRepresentable<Int64>, Hashable, Comparable, Sendable, Codable, SQLEncodable,
    SQLDecodable,
    LosslessStringConvertible
{
    init(rawValue: Int64)
}

extension Identifier {
    public var description: String { String(rawValue) }
    public init?(_ description: String) {
        guard let number = Int64(description), number > 0 else { return nil }
        self.init(rawValue: number)
    }
    public var sqlValue: SQLValue { .integer(rawValue) }
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> Self {
        try Self(rawValue: Int64.decode(row, column))
    }
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an id: \(text)")
        }
        self = value
    }
}

/// One job, in every table, answer, log line and page.
public struct JobID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// One tenant: a site of Blog, a user of Arena.
public struct TenantID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// One tenant's queue in one pool.
public struct LaneID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// One scarce resource.
public struct PoolID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// One life of one process that opened the engine; never reused.
public struct Incarnation: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}
