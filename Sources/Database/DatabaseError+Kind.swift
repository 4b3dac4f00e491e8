extension DatabaseError {
    /// The closed set of what can go wrong; the raw value is the stable code.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        // The data does not fit.
        case uniqueViolation = "database.unique_violation"
        case foreignKeyViolation = "database.foreign_key_violation"
        case checkViolation = "database.check_violation"
        case notNullViolation = "database.not_null_violation"
        /// A value that one of the two databases could not keep, such as a NUL in text.
        case badValue = "database.bad_value"

        // Another transaction was in the way.
        case serialization = "database.serialization"
        case deadlock = "database.deadlock"
        /// Another connection or process kept the database locked.
        case busy = "database.busy"

        // Time and reach.
        case timeout = "database.timeout"
        /// Cancelled by the server's administrator. A cancelled task throws `CancellationError` instead.
        case cancelled = "database.cancelled"
        /// Could not connect; nothing was sent.
        case unavailable = "database.unavailable"
        /// The connection broke inside a transaction before its commit; nothing was written.
        case connectionLost = "database.connection_lost"
        /// The connection broke after the commit was sent: it may or may not have happened.
        case ambiguousCommit = "database.ambiguous_commit"
        case poolExhausted = "database.pool_exhausted"
        case closed = "database.closed"

        // The place.
        case refused = "database.refused"
        case readOnly = "database.read_only"
        case full = "database.full"
        case io = "database.io"
        case corrupt = "database.corrupt"
        case notADatabase = "database.not_a_database"
        case notWritable = "database.not_writable"
        case workerRunning = "database.worker_running"
        case badConfiguration = "database.bad_configuration"

        // The schema.
        case schemaBehind = "database.schema_behind"
        case schemaNewer = "database.schema_newer"
        case schemaChanged = "database.schema_changed"
        case irreversible = "database.irreversible"

        // Our own mistakes.
        case statement = "database.statement"
        case noColumn = "database.no_column"
        case unexpectedNull = "database.unexpected_null"
        case typeMismatch = "database.type_mismatch"

        var hint: String? {
            switch self {
            case .unavailable: "Check that the database server runs and that DATABASE_URL points at it."
            case .poolExhausted: "Raise DB_POOL_MAX, or look for slow transactions."
            case .timeout: "Raise DB_QUERY_TIMEOUT, or look at why the statement is slow."
            case .full: "Free disk space; work goes on by itself afterwards."
            case .corrupt: "Stop the program and restore the newest backup."
            case .busy: "Another program holds the database; close it."
            case .schemaBehind: "run: pressroom migrate up"
            case .schemaNewer: "Use the newer version of the program, or restore a backup from before the upgrade."
            default: nil
            }
        }
    }
}
