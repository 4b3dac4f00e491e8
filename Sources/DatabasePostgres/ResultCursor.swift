import CLibPQ
import Database

/// Walks over a result's rows; one object for all of them.
final class ResultCursor: RowCursor {
    private let result: PostgresResult
    var row = 0
    let columnNames: [String]

    init(_ result: PostgresResult, columnNames: [String]) {
        self.result = result
        self.columnNames = columnNames
    }

    func isNull(_ column: Int) -> Bool { result.isNull(row, column) }

    func integer(_ column: Int) throws -> Int64 {
        let bytes = result.bytes(row, column)
        if let number = Int64(Substring(decoding: bytes, as: UTF8.self)) { return number }
        switch bytes.first {
        case UInt8(ascii: "t") where bytes.count == 1: return 1
        case UInt8(ascii: "f") where bytes.count == 1: return 0
        default: break
        }
        // A numeric, such as the sum of bigints divided, or a whole double: as on SQLite.
        guard let number = Double(text(column)), let whole = Int64(exactly: number) else {
            throw mismatch(column, "an integer")
        }
        return whole
    }

    func real(_ column: Int) throws -> Double {
        guard let number = Double(text(column)) else { throw mismatch(column, "a number") }
        return number
    }

    func text(_ column: Int) -> String { String(decoding: result.bytes(row, column), as: UTF8.self) }

    func blob(_ column: Int) throws -> [UInt8] {
        let bytes = result.bytes(row, column)
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "\\"), bytes[1] == UInt8(ascii: "x") else {
            throw mismatch(column, "a blob")
        }
        var count = 0
        guard let raw = PQunescapeBytea(bytes.baseAddress, &count) else { throw mismatch(column, "a blob") }
        defer { PQfreemem(raw) }
        return Array(UnsafeBufferPointer(start: raw, count: count))
    }

    private func mismatch(_ column: Int, _ wanted: String) -> DatabaseError {
        DatabaseError(.typeMismatch, "column \(columnNames[column]) does not hold \(wanted)")
    }
}
