import CSQLite
import Database
import Foundation

/// The open database file: opening, settings, and what SQLite says of it.
final class SQLiteHandle {
    private(set) var pointer: OpaquePointer?
    let path: String

    init(path: String, creating: Bool) throws {
        self.path = path
        if creating, path != SQLiteConfiguration.memory { try Self.createFile(path) }
        var flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        if path == SQLiteConfiguration.memory { flags |= SQLITE_OPEN_CREATE }
        guard sqlite3_open_v2(path, &pointer, flags, nil) == SQLITE_OK else {
            let failure = failure()
            close()
            throw failure
        }
    }

    deinit { close() }

    var isOpen: Bool { pointer != nil }
    var isInTransaction: Bool { isOpen && sqlite3_get_autocommit(pointer) == 0 }
    var changes: Int { Int(sqlite3_changes64(pointer)) }
    var changesTotal: Int64 { sqlite3_total_changes64(pointer) }

    func close() {
        sqlite3_close_v2(pointer)
        pointer = nil
    }

    func prepare(_ text: String) throws -> OpaquePointer {
        guard isOpen else { throw DatabaseError(.closed, "the database was closed") }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(pointer, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK else { throw failure() }
        guard let statement else { throw DatabaseError(.statement, "a statement without text") }
        return statement
    }

    func execute(_ text: String, watch: StatementWatch? = nil) throws {
        guard sqlite3_exec(pointer, text, nil, nil, nil) == SQLITE_OK else { throw watch?.reason ?? failure() }
    }

    /// Creates the file only if there is none. An existing one is not even opened: closing it here would drop the locks that
    /// another connection of this process holds on it.
    private static func createFile(_ path: String) throws {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Foundation.close(descriptor)
        } else if errno != EEXIST {
            throw DatabaseError(
                .notWritable, "cannot create the database file \(path): \(String(cString: strerror(errno)))",
                hint: "Create the folder, or choose another place with DATABASE_URL.")
        }
    }
}
