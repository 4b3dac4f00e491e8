/// Brings a database's schema to what the program expects, and back.
///
/// Each migration is one transaction, so a killed migrator is simply started again. Concurrent migrators take turns: by an
/// advisory lock on PostgreSQL, by the write lock on SQLite.
public struct Migrator: Sendable {
    let database: any Database
    /// In the order in which they are applied: whoever refers to another's tables comes later.
    let sources: [MigrationSource]
    /// A migration may take longer than a query; but it waits for others' table locks only `lockLimit`.
    static let statementLimit = Duration.seconds(600)

    public init(_ database: any Database, _ sources: [MigrationSource]) {
        self.database = database
        self.sources = sources
    }

    /// All known migrations and all unknown applied ones, in the order of application.
    public func status() async throws -> [MigrationStatus] {
        try await database.read { tx in try plan(tx).statuses }
    }

    /// Refuses a schema this program cannot work with.
    ///
    /// - Throws: ``DatabaseError/Kind/schemaNewer``, ``DatabaseError/Kind/schemaChanged`` or
    ///   ``DatabaseError/Kind/schemaBehind``.
    public func check() async throws {
        try await database.read { tx in
            let plan = try plan(tx)
            try plan.refuseUnknown()
            try plan.refusePending()
        }
    }

    /// Applies what is pending and returns it. Nothing pending is no error.
    @discardableResult
    public func up() async throws -> [MigrationStatus] {
        try await database.transaction { tx in try createTable(tx) }
        var done: [MigrationStatus] = []
        while let applied = try await database.transaction({ tx in try applyNext(tx) }) { done.append(applied) }
        return done
    }

    /// Undoes the `steps` migrations that were applied last and returns them, newest first.
    ///
    /// - Throws: ``DatabaseError/Kind/irreversible`` at one that has no way back; what came before stays undone.
    @discardableResult
    public func down(steps: Int) async throws -> [MigrationStatus] {
        var undone: [MigrationStatus] = []
        while undone.count < steps, let status = try await revert({ _ in true }) { undone.append(status) }
        return undone
    }

    /// Undoes the migrations of one source above `number`, newest first.
    @discardableResult
    public func down(source: String, to number: Int) async throws -> [MigrationStatus] {
        var undone: [MigrationStatus] = []
        while let status = try await revert({ $0.source == source && $0.number > number }) { undone.append(status) }
        return undone
    }

    private func revert(_ chosen: @Sendable (MigrationStatus) -> Bool) async throws -> MigrationStatus? {
        try await database.transaction { tx in
            try takeTurn(tx)
            let plan = try plan(tx)
            try plan.refuseUnknown()
            guard let status = plan.newestFirst.first(where: chosen) else { return nil }
            guard let statements = plan.migration(status)?.down else {
                throw DatabaseError(
                    .irreversible, "migration \(status.source) \(status.number) (\(status.name)) cannot be undone",
                    hint: "Restore a backup from before it.")
            }
            for statement in statements { try tx.script(statement) }
            try tx.execute(
                "delete from schema_migrations where source = \(status.source) and number = \(status.number)")
            return status
        }
    }

    private func applyNext(_ tx: borrowing Transaction) throws -> MigrationStatus? {
        try takeTurn(tx)
        let plan = try plan(tx)
        try plan.refuseUnknown()
        guard let (next, migration) = plan.nextPending else { return nil }
        for statement in migration.up { try tx.script(statement) }
        let now = try tx.now()
        try tx.execute(
            """
            insert into schema_migrations (source, number, name, checksum, applied_at)
            values (\(next.source), \(next.number), \(next.name), \(migration.checksum(tx.dialect)), \(now))
            """)
        return MigrationStatus(
            source: next.source, number: next.number, name: next.name, state: .applied, appliedAt: now)
    }
}

extension Migrator {
    private func createTable(_ tx: borrowing Transaction) throws {
        try takeTurn(tx)
        try tx.script(
            """
            create table if not exists schema_migrations (
                source text not null,
                number bigint not null,
                name text not null,
                checksum text not null,
                applied_at double precision not null,
                primary key (source, number)
            )
            """)
    }

    /// On SQLite the transaction itself is the turn.
    private func takeTurn(_ tx: borrowing Transaction) throws {
        try tx.limitStatements(to: Self.statementLimit)
        guard tx.dialect == .postgres else { return }
        // The key is this table's name in this schema, so that databases and tests do not wait for each other.
        try tx.execute("select pg_advisory_xact_lock(hashtextextended('schema_migrations in ' || current_schema(), 0))")
        // From here on waiting for a table lock would make every other statement on that table wait behind us.
        try tx.script("set local lock_timeout = '2s'")
    }

    private func plan(_ tx: borrowing Transaction) throws -> MigrationPlan {
        let exists: Bool? = try tx.value(
            """
            select \(postgres: "to_regclass('schema_migrations') is not null",
                     sqlite: "count(*) from sqlite_schema where type = 'table' and name = 'schema_migrations'")
            """)
        let applied: [AppliedMigration] =
            exists == true
            ? try tx.all("select source, number, name, checksum, applied_at from schema_migrations") : []
        return MigrationPlan(sources: sources, applied: applied, dialect: tx.dialect)
    }
}
