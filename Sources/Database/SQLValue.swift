/// The type a parameter has on the way to the database.
public enum SQLType: Sendable, Hashable {
    case integer, real, text, blob, integers
    /// Arrays, for PostgreSQL alone.
    case reals, texts
}

/// A value that travels to the database as a bound parameter.
public enum SQLValue: Sendable, Hashable {
    /// A null of no particular type; PostgreSQL has to find the type from its place in the statement.
    case null
    /// A null that says what it would have been, which is what an empty `Optional` binds.
    case missing(SQLType)
    case integer(Int64), real(Double), text(String), blob([UInt8])
    /// `int8[]` on PostgreSQL, JSON text on SQLite; what `\(ids:)` binds.
    case integers([Int64])
    /// A column of values, nulls among them, as an array of PostgreSQL's; what ``Transaction/insert(_:into:)`` binds.
    case column([SQLValue], SQLType)

    public var type: SQLType? {
        switch self {
        case .null: nil
        case .missing(let type): type
        case .integer: .integer
        case .real: .real
        case .text: .text
        case .blob: .blob
        case .integers: .integers
        case .column(_, let type): type
        }
    }
}

extension SQLValue: SQLEncodable {
    public var sqlValue: SQLValue { self }

    /// One column of rows, as an array.
    static func column(_ rows: [[SQLValue]], at index: Int) throws -> SQLValue {
        var values: [SQLValue] = []
        values.reserveCapacity(rows.count)
        var type: SQLType?
        for row in rows {
            if type == nil { type = row[index].type }
            values.append(row[index])
        }
        switch type {
        case .integer: return .column(values, .integers)
        case .real: return .column(values, .reals)
        case .text, nil: return .column(values, .texts)
        default: throw DatabaseError(.badValue, "a row of many holds a blob or an array")
        }
    }
}

extension [SQLValue] {
    /// A row for `\(values:)`: `.row(id, name, note)`.
    public static func row<each Value: SQLEncodable>(_ value: repeat each Value) -> [SQLValue] {
        var row: [SQLValue] = []
        for value in repeat each value { row.append(value.sqlValue) }
        return row
    }
}

/// What can be bound. A type with a raw value only has to declare it.
public protocol SQLEncodable {
    /// The type of a null in its place; nil leaves it to the database.
    static var sqlType: SQLType? { get }
    var sqlValue: SQLValue { get }
}

extension SQLEncodable {
    public static var sqlType: SQLType? { nil }
}
extension RawRepresentable where RawValue: SQLEncodable {
    public static var sqlType: SQLType? { RawValue.sqlType }
    public var sqlValue: SQLValue { rawValue.sqlValue }
}
extension SQLEncodable where Self: RawRepresentable, RawValue: SQLEncodable {
    public static var sqlType: SQLType? { RawValue.sqlType }
}

extension Int64: SQLEncodable {
    public static var sqlType: SQLType? { .integer }
    public var sqlValue: SQLValue { .integer(self) }
}
extension Int: SQLEncodable {
    public static var sqlType: SQLType? { .integer }
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}
/// `smallint` 0 or 1 in both dialects.
extension Bool: SQLEncodable {
    public static var sqlType: SQLType? { .integer }
    public var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}
extension Double: SQLEncodable {
    public static var sqlType: SQLType? { .real }
    public var sqlValue: SQLValue { .real(self) }
}
extension String: SQLEncodable {
    public static var sqlType: SQLType? { .text }
    public var sqlValue: SQLValue { .text(self) }
}
extension Array<UInt8>: SQLEncodable {
    public static var sqlType: SQLType? { .blob }
    public var sqlValue: SQLValue { .blob(self) }
}
extension Optional: SQLEncodable where Wrapped: SQLEncodable {
    public static var sqlType: SQLType? { Wrapped.sqlType }
    public var sqlValue: SQLValue { self?.sqlValue ?? Wrapped.sqlType.map { .missing($0) } ?? .null }
}
