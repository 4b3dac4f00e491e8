/// What went wrong with the database, in one vocabulary for both.
///
/// - Invariant: neither `description` nor `message` holds a parameter's value.
public struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Retry: Sendable, Equatable { case never, backoff }

    public let kind: Kind
    public let message: String
    /// What an operator should do next.
    public let hint: String?
    /// PostgreSQL's five characters, or SQLite's extended code mapped to them where there is an equal.
    public let sqlState: String?
    /// The constraint's name on PostgreSQL; `table.column, …` or an index's name on SQLite.
    public let constraint: String?

    public init(
        _ kind: Kind, _ message: String, hint: String? = nil, sqlState: String? = nil, constraint: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.hint = hint ?? kind.hint
        self.sqlState = sqlState
        self.constraint = constraint
    }

    /// The stable dotted code, such as `database.unavailable`.
    public var code: String { kind.rawValue }
    public var description: String { "\(code): \(message)" }
    public var retry: Retry { isRetryable ? .backoff : .never }

    public var isUniqueViolation: Bool { kind == .uniqueViolation }

    /// Two transactions met; the same one may simply be run again.
    public var isConflict: Bool { kind == .serialization || kind == .deadlock }

    /// The database cannot be reached, or not in time.
    public var isUnavailable: Bool {
        switch kind {
        case .unavailable, .connectionLost, .poolExhausted, .ambiguousCommit: true
        default: false
        }
    }

    /// Nothing was written, and the same call may succeed later. False for an ambiguous commit: look first.
    public var isRetryable: Bool {
        switch kind {
        case .serialization, .deadlock, .timeout, .busy, .unavailable, .connectionLost, .poolExhausted, .full,
            .readOnly:
            true
        default: false
        }
    }

    static func unknownRawValue(_ column: String, _ type: Any.Type) -> DatabaseError {
        DatabaseError(.typeMismatch, "column \(column) holds a value that \(type) does not know")
    }
}
