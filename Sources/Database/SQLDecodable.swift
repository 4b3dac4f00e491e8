/// What a cell turns into. A type with a raw value only has to declare it.
public protocol SQLDecodable {
    static func decode(_ row: borrowing Row, _ column: Int) throws -> Self
}

extension Int64: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> Int64 {
        try row.nonNull(column)
        return try row.cursor.integer(column)
    }
}
extension Int: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> Int { try Int(Int64.decode(row, column)) }
}
extension Bool: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> Bool { try Int64.decode(row, column) != 0 }
}
extension Double: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> Double {
        try row.nonNull(column)
        return try row.cursor.real(column)
    }
}
extension String: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> String {
        try row.nonNull(column)
        return try row.cursor.text(column)
    }
}
extension Array<UInt8>: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> [UInt8] {
        try row.nonNull(column)
        return try row.cursor.blob(column)
    }
}
extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> Wrapped? {
        row.cursor.isNull(column) ? nil : try Wrapped.decode(row, column)
    }
}
extension SQLDecodable where Self: RawRepresentable, RawValue: SQLDecodable {
    public static func decode(_ row: borrowing Row, _ column: Int) throws -> Self {
        guard let value = Self(rawValue: try RawValue.decode(row, column)) else {
            throw DatabaseError.unknownRawValue(row.columnNames[column], Self.self)
        }
        return value
    }
}
