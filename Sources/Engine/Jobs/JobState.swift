import Database

/// Where a job stands. What is scheduled or backing off is `waiting` on a timer, so that claims never scan the future.
public enum JobState: Int, Sendable, CaseIterable, SQLEncodable {
    case ready = 0, running, waiting, succeeded, failed, cancelled

    public var isActive: Bool { self < .succeeded }
    public var name: String { String(describing: self) }

    public init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }
    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The name under which a workflow is stored; never change it once jobs exist.
public struct JobKind: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: StaticString) { rawValue = value.description }
    public var description: String { rawValue }
}
