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
        if let number = Self.digits(bytes) { return number }
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

    /// Up to eighteen digits with a sign, which no addition of theirs overflows; nil for anything else.
    private static func digits(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var rest = bytes[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        guard rest.count <= 18 else { return Int64(Substring(decoding: bytes, as: UTF8.self)) }
        var number: Int64 = 0
        for byte in rest {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return isNegative ? -number : number
    }

    func real(_ column: Int) throws -> Double {
        if let whole = Self.digits(result.bytes(row, column)) { return Double(whole) }
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
