import Database

extension EngineMigrations {
    static let quotas = Migration(
        3, "estimates and limits that are learned, places that outlast a step",
        up: learned + pace + stops + places + waits + caps + keys,
        down: [
            "\(postgres: "drop index lanes_id", sqlite: "select 1")",
            """
            \(postgres: "alter table lanes add primary key (id), add unique (pool_id, tenant_id)", sqlite: "select 1")
            """,
            "drop table lane_keys", "alter table tenants drop column cap", "drop index jobs_waiting",
            "drop index jobs_recovering",
            "drop table pool_places",
            "drop table pool_reports", "drop table estimates", "alter table jobs drop column estimate",
        ] + columns.reversed().map { "alter table pools drop column \($0)" })

    /// What the migration adds to `pools`, in order.
    private static let columns: [SQL] = [
        "follows", "told_req_rate", "told_req_model", "told_req_at", "told_cost_rate", "told_cost_model",
        "told_cost_at",
        "told_bucket", "granted_req", "granted_cost", "pace", "pace_ceiling", "pace_at", "pace_lowered_at",
        "calls_since", "calls", "calls_before", "refusals_since", "refusals", "refusals_before", "stopped",
        "stopped_at", "stopped_until", "stopped_cause", "place_life", "place_signal",
    ]

    private static let learned: [SQL] = [
        // Actual over estimated cost of a step's calls, by model: see EstimateRatio.
        """
        create table estimates (
            pool_id bigint not null references pools, kind text not null, step text not null, model text not null,
            ratio double precision not null check (ratio > 0), samples bigint not null, updated_at bigint not null,
            primary key (pool_id, kind, step, model)
        )
        """,
        // What calls have told of their pool: appended by whoever ends a step, taken in by the pool's next claimer, so
        // that a record locks no pool. *_granted: what the pool had granted when the call was granted.
        """
        create table pool_reports (
            id \(postgres: "bigint generated always as identity primary key", sqlite: "integer primary key autoincrement"),
            pool_id bigint not null, at double precision not null, started_at double precision not null,
            kind text not null, step text not null, model text not null,
            estimate double precision, actual double precision,
            req_limit double precision, req_left double precision, req_granted double precision,
            cost_limit double precision, cost_left double precision, cost_granted double precision,
            is_bucket smallint
        ) \(postgres: "with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)", sqlite: "")
        """,
        "create index pool_reports_pool on pool_reports (pool_id, id)",
        // The plan's own figure; `cost` is this times the ratio at the time. Null where nothing is learned.
        "alter table jobs add column estimate double precision",
        // follows: the provider's word may also raise a limit. told_*: a limit as last heard, per millisecond, null when
        // unknown, and of which model; told_bucket: how many answers in a row spoke of a bucket that refills evenly.
        "alter table pools add column follows smallint not null default 0",
        "alter table pools add column told_req_rate double precision",
        "alter table pools add column told_req_model text not null default ''",
        "alter table pools add column told_req_at double precision not null default 0",
        "alter table pools add column told_cost_rate double precision",
        "alter table pools add column told_cost_model text not null default ''",
        "alter table pools add column told_cost_at double precision not null default 0",
        "alter table pools add column told_bucket bigint not null default 0",
        // All that was ever granted: a report is compared with what was granted since its call.
        "alter table pools add column granted_req double precision not null default 0",
        "alter table pools add column granted_cost double precision not null default 0",
    ]

    /// See Pace.
    private static let pace: [SQL] = [
        "alter table pools add column pace double precision not null default 1",
        "alter table pools add column pace_ceiling double precision not null default 1",
        "alter table pools add column pace_at double precision not null default 0",
        "alter table pools add column pace_lowered_at double precision not null default 0",
        "alter table pools add column calls_since double precision not null default 0",
        "alter table pools add column calls double precision not null default 0",
        "alter table pools add column calls_before double precision not null default 0",
        "alter table pools add column refusals_since double precision not null default 0",
        "alter table pools add column refusals double precision not null default 0",
        "alter table pools add column refusals_before double precision not null default 0",
    ]

    // stopped: 0 no, 1 until stopped_until, 2 until somebody resumes the pool.
    private static let stops: [SQL] = [
        "alter table pools add column stopped smallint not null default 0 check (stopped between 0 and 2)",
        "alter table pools add column stopped_at double precision not null default 0",
        "alter table pools add column stopped_until double precision not null default 0",
        "alter table pools add column stopped_cause text",
    ]

    private static let places: [SQL] = [
        // Milliseconds that a place is kept at most, and the signal that gives it back; null: it ends with the step.
        "alter table pools add column place_life bigint",
        "alter table pools add column place_signal text",
        """
        create table pool_places (
            pool_id bigint not null references pools, job_id bigint not null, expires_at bigint not null,
            primary key (pool_id, job_id)
        )
        """,
        "create index pool_places_expiry on pool_places (pool_id, expires_at)",
    ]

    /// A tenant's own cap on its steps in flight in each pool; null: the pool's terms.
    private static let caps: [SQL] = ["alter table tenants add column cap bigint check (cap > 0)"]

    /// One lane for each tenant and pool, held by a table that nobody changes.
    ///
    /// Every claim makes a new version of its lanes' rows, which is entered into every index, and PostgreSQL compares it
    /// in the unique ones with each version that a long transaction keeps alive: 13,428 blocks a claim after half a
    /// million jobs of one lane.
    private static let keys: [SQL] = [
        """
        create table lane_keys (
            pool_id bigint not null, tenant_id bigint not null, lane_id bigint not null unique,
            primary key (pool_id, tenant_id)
        )
        """,
        "insert into lane_keys (pool_id, tenant_id, lane_id) select pool_id, tenant_id, id from lanes",
        """
        \(postgres: "alter table lanes drop constraint lanes_pkey, drop constraint lanes_pool_id_tenant_id_key", sqlite: "select 1")
        """,
        "\(postgres: "create index lanes_id on lanes (id)", sqlite: "select 1")",
    ]

    /// For counting who waits for what, without a look at the other jobs.
    private static let waits: [SQL] = [
        "create index jobs_waiting on jobs (wakes, wait_for, failure_code) where state = 2",
        "create index jobs_recovering on jobs (lane_id) where state = 0 and crashes > 0",
    ]
}
