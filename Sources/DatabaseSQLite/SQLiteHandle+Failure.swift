import CSQLite
import Database

/// Extended codes whose macros C keeps from us.
private enum Constraint {
    static let check = SQLITE_CONSTRAINT | 1 << 8
    static let foreignKey = SQLITE_CONSTRAINT | 3 << 8
    static let notNull = SQLITE_CONSTRAINT | 5 << 8
    static let primaryKey = SQLITE_CONSTRAINT | 6 << 8
    static let unique = SQLITE_CONSTRAINT | 8 << 8
    static let rowID = SQLITE_CONSTRAINT | 10 << 8
}

extension SQLiteHandle {
    private static let outOfMemory = DatabaseError(.io, "SQLite is out of memory")

    /// What SQLite last complained of, in the vocabulary of both databases.
    func failure() -> DatabaseError {
        guard let pointer else { return Self.outOfMemory }
        let message = String(cString: sqlite3_errmsg(pointer))
        let extended = sqlite3_extended_errcode(pointer)
        switch extended & 0xff {
        case SQLITE_CONSTRAINT: return constraintFailure(extended, message)
        case SQLITE_BUSY, SQLITE_LOCKED:
            return DatabaseError(.busy, "another program holds the database \(path)", sqlState: "55P03")
        case SQLITE_INTERRUPT: return DatabaseError(.cancelled, "a statement was stopped", sqlState: "57014")
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM: return notWritable(message)
        case SQLITE_FULL: return DatabaseError(.full, "the disk of the database \(path) is full", sqlState: "53100")
        case SQLITE_IOERR:
            return DatabaseError(.io, "reading or writing the database failed: \(message)", sqlState: "58030")
        case SQLITE_CORRUPT:
            return DatabaseError(.corrupt, "the database \(path) is damaged: \(message)", sqlState: "XX001")
        case SQLITE_NOTADB: return notADatabase
        case SQLITE_NOMEM: return Self.outOfMemory
        case SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE: return DatabaseError(.badValue, message, sqlState: "22000")
        default: return DatabaseError(.statement, message, sqlState: "42000")
        }
    }

    private func constraintFailure(_ extended: Int32, _ message: String) -> DatabaseError {
        // "UNIQUE constraint failed: jobs.tenant, jobs.key": names, never values.
        let name = message.firstRange(of: ": ").map { String(message[$0.upperBound...]) }
        let (kind, state): (DatabaseError.Kind, String) =
            switch extended {
            case Constraint.unique, Constraint.primaryKey, Constraint.rowID: (.uniqueViolation, "23505")
            case Constraint.foreignKey: (.foreignKeyViolation, "23503")
            case Constraint.notNull: (.notNullViolation, "23502")
            case Constraint.check: (.checkViolation, "23514")
            default: (.statement, "23000")
            }
        return DatabaseError(kind, message, sqlState: state, constraint: name)
    }

    private func notWritable(_ message: String) -> DatabaseError {
        DatabaseError(
            .notWritable, "cannot open the database \(path) for writing: \(message)",
            hint: "Check the file's and its folder's permissions, or choose another place with DATABASE_URL.")
    }

    private var notADatabase: DatabaseError {
        DatabaseError(
            .notADatabase, "the file \(path) is not an SQLite database",
            hint: "Choose another path with DATABASE_URL; the file was left as it is.")
    }
}
