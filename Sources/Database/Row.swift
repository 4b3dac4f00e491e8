/// The current row of a running statement. Drivers implement it; it is only valid inside the closure it is lent to.
public protocol RowCursor {
    var columnNames: [String] { get }
    func isNull(_ column: Int) -> Bool
    /// Throws ``DatabaseError/Kind/typeMismatch`` when the cell holds no integer; so do the others for their types.
    func integer(_ column: Int) throws -> Int64
    func real(_ column: Int) throws -> Double
    func text(_ column: Int) throws -> String
    func blob(_ column: Int) throws -> [UInt8]
}

/// One row, lent. It cannot be copied, so it cannot be kept beyond the statement that lends it.
///
/// ```swift
/// let name: String = try row["name"]
/// let count = try row[1] as Int
/// ```
public struct Row: ~Copyable {
    let cursor: any RowCursor

    public init(_ cursor: any RowCursor) { self.cursor = cursor }

    public var columnNames: [String] { cursor.columnNames }

    public subscript<Value: SQLDecodable>(_ name: String) -> Value {
        get throws {
            // A scan of a few short strings, which compare as two words each, beats hashing.
            guard let column = cursor.columnNames.firstIndex(of: name) else {
                throw DatabaseError(.noColumn, "the result has no column \(name)")
            }
            return try Value.decode(self, column)
        }
    }

    public subscript<Value: SQLDecodable>(_ column: Int) -> Value {
        get throws { try Value.decode(self, column) }
    }

    func nonNull(_ column: Int) throws {
        if cursor.isNull(column) {
            throw DatabaseError(.unexpectedNull, "column \(cursor.columnNames[column]) is null")
        }
    }
}

/// A type that a row turns into.
public protocol RowDecodable {
    init(_ row: borrowing Row) throws
}
