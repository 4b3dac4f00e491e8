import Database

/// The limits' one table.
package enum LimitMigrations {
    package static let source = MigrationSource("limits", [first])

    private static let first = Migration(
        1, "shared windows",
        up: [
            // log: WindowLog's text. kept_until: minutes since 1970. Nothing here needs to outlive a crash of the server, so
            // PostgreSQL neither logs it nor waits for a disk.
            """
            create \(postgres: "unlogged table", sqlite: "table") rate_limits (
                id text primary key,
                log text not null,
                kept_until bigint not null
            ) \(postgres: "with (fillfactor = 70)", sqlite: "")
            """,
            "create index rate_limits_kept_until on rate_limits (kept_until)",
        ],
        down: ["drop table rate_limits"])
}
