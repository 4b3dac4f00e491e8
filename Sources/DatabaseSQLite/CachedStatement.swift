import CSQLite
import Database

/// A prepared statement, which is also the cursor over its rows: no object per row.
final class CachedStatement: RowCursor {
    let pointer: OpaquePointer
    let isReadOnly: Bool
    private(set) var isCached: Bool
    var isBusy = true
    private var names: [String]?

    /// SQLite copies the bytes before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ pointer: OpaquePointer, isCached: Bool) {
        self.pointer = pointer
        self.isCached = isCached
        isReadOnly = sqlite3_stmt_readonly(pointer) != 0
    }

    func reset() {
        sqlite3_reset(pointer)
        // A bound blob would stay in memory as long as the statement.
        sqlite3_clear_bindings(pointer)
        isBusy = false
    }

    /// To be run again, with other parameters.
    func rewind() { sqlite3_reset(pointer) }

    func finalize() { sqlite3_finalize(pointer) }

    /// Makes way for another; while in use, it is finalized when given back.
    func leaveCache() {
        isCached = false
        if !isBusy { finalize() }
    }

    func bind(_ values: [SQLValue]) -> Bool {
        for (index, value) in values.enumerated() {
            guard bind(value, at: Int32(index + 1)) == SQLITE_OK else { return false }
        }
        return true
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null, .missing: sqlite3_bind_null(pointer, index)
        case .integer(let number): sqlite3_bind_int64(pointer, index, number)
        case .real(let number): sqlite3_bind_double(pointer, index, number)
        case .text(let text): bind(text, at: index)
        case .integers(let numbers): bind("[\(numbers.map(String.init).joined(separator: ","))]", at: index)
        case .column: preconditionFailure("SQLite has no arrays")
        case .blob(let bytes):
            // An empty array has no address, and no address means null.
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(pointer, index, 0)
                : sqlite3_bind_blob64(pointer, index, bytes, UInt64(bytes.count), Self.transient)
        }
    }

    private func bind(_ text: String, at index: Int32) -> Int32 {
        sqlite3_bind_text64(
            pointer, index, text, UInt64(text.utf8.count), Self.transient, UInt8(SQLITE_UTF8))
    }

    /// Read anew after SQLite has prepared the statement again because the schema changed.
    var columnNames: [String] {
        let prepared = sqlite3_stmt_status(pointer, SQLITE_STMTSTATUS_REPREPARE, 1)
        if prepared == 0, let names { return names }
        let fresh = (0..<sqlite3_column_count(pointer)).map { String(cString: sqlite3_column_name(pointer, $0)) }
        names = fresh
        return fresh
    }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL }

    func integer(_ column: Int) throws -> Int64 {
        switch sqlite3_column_type(pointer, Int32(column)) {
        case SQLITE_INTEGER: return sqlite3_column_int64(pointer, Int32(column))
        case SQLITE_FLOAT:
            guard let whole = Int64(exactly: sqlite3_column_double(pointer, Int32(column))) else { fallthrough }
            return whole
        default: throw mismatch(column, "an integer")
        }
    }

    func real(_ column: Int) throws -> Double {
        switch sqlite3_column_type(pointer, Int32(column)) {
        case SQLITE_INTEGER, SQLITE_FLOAT: return sqlite3_column_double(pointer, Int32(column))
        default: throw mismatch(column, "a number")
        }
    }

    func text(_ column: Int) throws -> String {
        if sqlite3_column_type(pointer, Int32(column)) == SQLITE_BLOB { throw mismatch(column, "text") }
        guard let start = sqlite3_column_text(pointer, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int) throws -> [UInt8] {
        guard sqlite3_column_type(pointer, Int32(column)) == SQLITE_BLOB else { throw mismatch(column, "a blob") }
        let start = sqlite3_column_blob(pointer, Int32(column))
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, Int32(column)))))
    }

    private func mismatch(_ column: Int, _ wanted: String) -> DatabaseError {
        DatabaseError(.typeMismatch, "column \(columnNames[column]) does not hold \(wanted)")
    }
}
