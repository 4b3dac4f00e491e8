import CLibPQ
import Database
import Foundation

/// What the server answered to one command.
final class PostgresResult {
    private let pointer: OpaquePointer

    /// Fields of an error whose macros C keeps from us.
    private enum Field {
        static let severity = Int32(UInt8(ascii: "V"))
        static let sqlState = Int32(UInt8(ascii: "C"))
        static let message = Int32(UInt8(ascii: "M"))
        static let constraint = Int32(UInt8(ascii: "n"))
    }

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var isFailure: Bool {
        switch PQresultStatus(pointer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: false
        default: true
        }
    }
    /// The mark at the end of a line of commands.
    var isSync: Bool { PQresultStatus(pointer) == PGRES_PIPELINE_SYNC }
    var rowCount: Int { Int(PQntuples(pointer)) }
    /// Rows changed, or returned by a select; 0 for other commands.
    var affected: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }
    /// Such as `COMMIT`.
    var command: String { String(cString: PQcmdStatus(pointer)) }
    var columnNames: [String] { (0..<PQnfields(pointer)).map { String(cString: PQfname(pointer, $0)) } }

    func isNull(_ row: Int, _ column: Int) -> Bool { PQgetisnull(pointer, Int32(row), Int32(column)) == 1 }

    func bytes(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
        let start = UnsafeRawPointer(PQgetvalue(pointer, Int32(row), Int32(column)))
        return UnsafeBufferPointer(
            start: start?.assumingMemoryBound(to: UInt8.self),
            count: Int(PQgetlength(pointer, Int32(row), Int32(column))))
    }

    /// The error in our vocabulary. The server's detail is left out: it quotes values.
    func failure(connectionLost: Bool) -> DatabaseError {
        let state = field(Field.sqlState) ?? "XX000"
        if connectionLost {
            return DatabaseError(
                .connectionLost, "the database server ended the connection (\(state))", sqlState: state)
        }
        let kind = DatabaseError.Kind(sqlState: state)
        // Messages of class 22 quote the value: invalid input syntax for type bigint: "…".
        let message = state.hasPrefix("22") ? "the database refused a value" : field(Field.message) ?? "no message"
        return DatabaseError(
            kind, "\(message) (\(state))", sqlState: state, constraint: field(Field.constraint))
    }

    private func field(_ code: Int32) -> String? { PQresultErrorField(pointer, code).map { String(cString: $0) } }
}

extension DatabaseError.Kind {
    init(sqlState: String) {
        self =
            switch sqlState {
            case "23505": .uniqueViolation
            case "23503": .foreignKeyViolation
            case "23514", "23P01": .checkViolation
            case "23502": .notNullViolation
            case "40001": .serialization
            case "40P01": .deadlock
            case "57014": .timeout
            case "55P03": .busy
            case "25006": .readOnly
            case "53100": .full
            // Never `unavailable`, which would let a transaction that has begun be repeated.
            case "53300", "57P01", "57P02", "57P03": .connectionLost
            case "58030": .io
            case "XX001", "XX002": .corrupt
            case "28000", "28P01", "42501", "3D000": .refused
            case let state where state.hasPrefix("22"): .badValue
            case let state where state.hasPrefix("08"): .connectionLost
            default: .statement
            }
    }
}
