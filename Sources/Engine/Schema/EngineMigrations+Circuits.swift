import Database

extension EngineMigrations {
    static let circuits = Migration(
        2, "circuit breakers of pools",
        // circuit: 0 closed, 1 open until circuit_retry_at, 2 half-open; see CircuitBreaker.
        up: [
            "alter table pools add column circuit smallint not null default 0 check (circuit between 0 and 2)",
            "alter table pools add column circuit_at double precision not null default 0",
            "alter table pools add column circuit_retry_at double precision not null default 0",
            "alter table pools add column circuit_failures bigint not null default 0",
            "alter table pools add column circuit_failed_at double precision not null default 0",
            "alter table pools add column circuit_away_since double precision not null default 0",
            "alter table pools add column circuit_openings bigint not null default 0",
            "alter table pools add column circuit_answers bigint not null default 0",
            "alter table pools add column circuit_cause text",
        ],
        down: [
            "alter table pools drop column circuit_cause", "alter table pools drop column circuit_answers",
            "alter table pools drop column circuit_openings", "alter table pools drop column circuit_away_since",
            "alter table pools drop column circuit_failed_at", "alter table pools drop column circuit_failures",
            "alter table pools drop column circuit_retry_at", "alter table pools drop column circuit_at",
            "alter table pools drop column circuit",
        ])
}
