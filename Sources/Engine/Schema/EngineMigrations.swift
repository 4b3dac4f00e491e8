import Database

/// The engine's tables. Times are milliseconds since 1970, flags are 0 or 1, ids are made by the application.
public enum EngineMigrations {
    public static let source = MigrationSource("engine", all)
    static let all = [core, circuits, quotas]

    private static let core = Migration(
        1, "jobs, lanes, pools, steps, signals",
        up: pools + lanes + jobs + ledger + processes,
        down: [
            "drop table idempotency_keys", "drop table workers", "drop table incarnations", "drop table job_events",
            "drop table signals", "drop table late_costs", "drop table steps", "drop table jobs",
            "drop table lane_deltas",
            "drop table lanes", "drop table pools", "drop table tenants",
        ])

    // An `integer primary key` is SQLite's own row number: one tree instead of two.
    private static let pools: [SQL] = [
        """
        create table tenants (
            id \(postgres: "bigint", sqlite: "integer") primary key,
            name text not null unique,
            weight double precision not null default 1 check (weight > 0),
            held smallint not null default 0,
            created_at bigint not null
        )
        """,
        // req_*, cost_*: the two GCRA dimensions, rates per millisecond, null where free. tat: theoretical arrival
        // time. vt: the pool's virtual time. held: people's pause; pause_until: the provider's.
        """
        create table pools (
            id \(postgres: "bigint", sqlite: "integer") primary key,
            name text not null unique,
            limited smallint not null,
            req_rate double precision, req_burst double precision,
            cost_rate double precision, cost_burst double precision,
            req_tat double precision not null default 0, cost_tat double precision not null default 0,
            pause_until double precision not null default 0, held smallint not null default 0,
            cap bigint, running bigint not null default 0,
            vt double precision not null default 0, vt_at bigint not null default 0,
            credit double precision not null default 0,
            check (limited = 1 or (req_rate is null and cost_rate is null and cap is null)),
            check (req_rate is null or (req_rate > 0 and req_burst >= 1)),
            check (cost_rate is null or (cost_rate > 0 and cost_burst > 0))
        ) \(postgres: "with (fillfactor = 10)", sqlite: "")
        """,
    ]

    private static let lanes: [SQL] = [
        // parked: 1 own rate, until resume_at; 2 cap reached, until a fold.
        """
        create table lanes (
            id \(postgres: "bigint", sqlite: "integer") primary key,
            pool_id bigint not null references pools,
            tenant_id bigint not null references tenants,
            has_work smallint not null default 0, held smallint not null default 0, parked smallint not null default 0,
            vt double precision not null default 0,
            weight double precision not null default 1 check (weight > 0),
            backlog_count bigint not null default 0, backlog_cost double precision not null default 0,
            running bigint not null default 0, cap bigint,
            rate double precision, burst double precision, tat double precision not null default 0,
            resume_at bigint not null default 0,
            unique (pool_id, tenant_id)
        ) \(postgres: "with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0)", sqlite: "")
        """,
        "create index lanes_turn on lanes (pool_id, vt, id) where has_work = 1 and held = 0 and parked = 0",
        "create index lanes_parked on lanes (pool_id, resume_at) where parked = 1",
        "create index lanes_tenant on lanes (tenant_id)",
        """
        create table lane_deltas (
            id \(postgres: "bigint generated always as identity primary key", sqlite: "integer primary key autoincrement"),
            pool_id bigint not null, lane_id bigint not null,
            n bigint not null, cost double precision not null,
            running bigint not null, settle double precision not null
        ) \(postgres: "with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)", sqlite: "")
        """,
        "create index lane_deltas_pool on lane_deltas (pool_id, id)",
    ]

    private static let jobs: [SQL] = [
        // state: 0 ready, 1 running, 2 waiting, 3 succeeded, 4 failed, 5 cancelled.
        // wakes: the end of a wait asks the plan (1) or starts the step that stands there (0).
        """
        create table jobs (
            id \(postgres: "bigint", sqlite: "integer") primary key,
            tenant_id bigint not null references tenants,
            kind text not null,
            unique_key text,
            state smallint not null check (state between 0 and 5),
            lane_id bigint,
            step text not null, round bigint not null default 1, rank smallint not null,
            cost double precision not null check (cost > 0),
            priority smallint not null default 0,
            attempt bigint not null default 0, crashes smallint not null default 0,
            fence bigint not null default 0, lease_until bigint, worker bigint,
            run_at bigint, wait_for text, wakes smallint not null default 0,
            input text not null,
            created_at bigint not null, since_at bigint not null, ended_at bigint,
            failure_code text, failure_message text, failure_hint text,
            check ((state = 1) = (lease_until is not null)),
            check (state > 1 or lane_id is not null),
            check (state <> 2 or run_at is not null or wait_for is not null)
        ) \(postgres: "with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)", sqlite: "")
        """,
        "create index idx_jobs_active_pick on jobs (lane_id, rank desc, priority, id) where state = 0",
        "create index jobs_lease on jobs (lease_until) where state = 1",
        "create index jobs_timer on jobs (run_at) where state = 2 and run_at is not null",
        """
        create unique index idx_jobs_dedupe_lookup on jobs (tenant_id, unique_key)
         where unique_key is not null and state < 3
        """,
        "create index jobs_failed on jobs (id) where state = 4",
    ]

    private static let ledger: [SQL] = [
        // Checkpoint and ledger in one row. microdollars: millionths of a dollar.
        """
        create table steps (
            job_id bigint not null, step text not null, round bigint not null, pool_id bigint not null,
            attempt bigint not null, fence bigint not null, result text not null, absorbed smallint not null default 0,
            provider text, model text, tokens_in bigint not null default 0, tokens_out bigint not null default 0,
            microdollars bigint not null default 0,
            charged double precision not null, cost double precision not null,
            started_at bigint not null, ended_at bigint not null, worker bigint,
            primary key (job_id, step, round)
        )
        """,
        // What ended lately is asked for now and then, but written with every step: rows come in the order of time, so that
        // PostgreSQL needs to note no more than each stretch of pages' times.
        """
        create index steps_ended on steps \(postgres: "using brin (ended_at) with (pages_per_range = 16, autosummarize = on)", sqlite: "(ended_at)")
        """,
        // What attempts without a recorded result have spent, once per (job, fence): an attempt number repeats after a
        // refusal, and a record is sent again when the answer to its commit is lost.
        """
        create table late_costs (
            job_id bigint not null, fence bigint not null, step text not null, reason text not null,
            provider text, model text, tokens_in bigint not null default 0, tokens_out bigint not null default 0,
            microdollars bigint not null default 0, cost double precision not null, at bigint not null,
            primary key (job_id, fence)
        )
        """,
        """
        create table signals (
            job_id bigint not null, name text not null, payload text, sent_by text not null, at bigint not null,
            primary key (job_id, name)
        )
        """,
        """
        create table job_events (
            id \(postgres: "bigint generated always as identity primary key", sqlite: "integer primary key autoincrement"),
            job_id bigint not null, at bigint not null, kind text not null, step text, detail text
        )
        """,
        "create index job_events_job on job_events (job_id, id)",
    ]

    private static let processes: [SQL] = [
        "create table incarnations (last bigint not null)",
        "insert into incarnations (last) values (0)",
        // server_started: what the database said of its own start when this worker was last seen to hold a session;
        // after a restart, or without a session, the absence of one says nothing.
        """
        create table workers (
            id \(postgres: "bigint", sqlite: "integer") primary key,
            name text not null, version text not null, kinds text not null, slots bigint not null,
            running bigint not null default 0, started_at bigint not null, heartbeat bigint not null, stopped_at bigint,
            server_started text not null
        )
        """,
        """
        create table idempotency_keys (
            tenant_id bigint not null, name text not null, fingerprint text not null, answer text not null,
            created_at bigint not null, primary key (tenant_id, name)
        )
        """,
        "create index idempotency_keys_age on idempotency_keys (created_at)",
    ]
}
