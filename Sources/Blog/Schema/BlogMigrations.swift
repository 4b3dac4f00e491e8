import Database

/// Blog's tables. Instants that old health queries look at are `timestamptz`, or UTC text on SQLite.
package enum BlogMigrations {
    package static let source = MigrationSource("blog", [first, second, third, fourth])

    private static let first = Migration(
        1, "sites, keys, generations",
        up: sites + generations + contents,
        down: [
            "drop table blog_images", "drop table blog_articles", "drop table blog_ideas",
            "drop table blog_generations",
            "drop table api_keys", "drop table sites",
        ])

    private static let second = Migration(
        2, "what Wix says of its app",
        up: [
            // received_at, changed_at: milliseconds since 1970; the latter by Wix's clock.
            "create table site_events (digest text primary key, received_at bigint not null)",
            "create index site_events_age on site_events (received_at)",
            """
            create table site_installations (
                instance_id text primary key, state text not null, changed_at bigint not null
            )
            """,
        ],
        down: ["drop table site_installations", "drop table site_events"])

    private static let third = Migration(
        3, "credentials of single sites",
        up: [
            // key_id: which key sealed it; sealed: Base64; changed_at: milliseconds since 1970.
            """
            create table site_credentials (
                tenant_id bigint not null references sites, publisher text not null,
                key_id text not null, sealed text not null, changed_at bigint not null,
                primary key (tenant_id, publisher)
            )
            """
        ],
        down: ["drop table site_credentials"])

    private static let fourth = Migration(
        4, "sites that were removed, and when to look for strays",
        up: [
            "alter table sites add column closed_at \(instant)",
            // 1: a person had paused the site before it removed the app.
            "alter table site_installations add column was_paused smallint not null default 0",
            // stray_due: milliseconds since 1970; stray_looks: how often somebody has looked in vain.
            "alter table blog_generations add column stray_due bigint not null default 0",
            "alter table blog_generations add column stray_looks smallint not null default 0",
            "create index idx_blog_generations_stray_due on blog_generations (stray_due, id) where stray_check = 1",
            "drop index idx_blog_generations_stray",
        ],
        down: [
            "create index idx_blog_generations_stray on blog_generations (id) where stray_check = 1",
            "drop index idx_blog_generations_stray_due",
            "alter table blog_generations drop column stray_looks",
            "alter table blog_generations drop column stray_due",
            "alter table site_installations drop column was_paused",
            "alter table sites drop column closed_at",
        ])

    private static let sites: [SQL] = [
        """
        create table sites (
            tenant_id bigint primary key references tenants,
            instance_id text not null unique,
            name text not null,
            settings text not null,
            created_at \(instant) not null
        )
        """,
        // id: SHA-256 of the key, in hexadecimal. The key itself is nowhere.
        """
        create table api_keys (
            id text primary key,
            tenant_id bigint not null references sites,
            prefix text not null,
            created_at \(instant) not null,
            revoked_at \(instant)
        )
        """,
        "create index api_keys_site on api_keys (tenant_id)",
    ]

    private static let generations: [SQL] = [
        // id: the job's. is_live: the job has not ended; a row that says PENDING without it was set back by hand.
        // ideas_round: rounds of ideas there are; selection_round: the round whose selection is open.
        // stray_check: the destination may hold a draft of ours that is not the recorded one.
        """
        create table blog_generations (
            id bigint primary key,
            tenant_id bigint not null references sites,
            instance_id text not null,
            source_type text not null check (source_type in ('keyword', 'product')),
            source_id text not null,
            status text not null default 'PENDING' check (status in (
                'PENDING', 'GENERATING_IDEAS', 'AWAITING_SELECTION', 'GENERATING_CONTENT', 'GENERATING_IMAGE',
                'AWAITING_REVIEW', 'PUBLISHING', 'DONE', 'FAILED', 'CANCELLED')),
            is_live smallint not null default 0,
            error text, error_code text, error_hint text,
            request text not null,
            product text,
            answer text,
            ideas_round bigint not null default 0,
            selection_round bigint not null default 1,
            selection text,
            title text, slug text, excerpt text,
            image_state text not null default 'none' check (image_state in ('none', 'ordered', 'ready', 'failed')),
            image_error text,
            draft_id text, url text,
            stray_check smallint not null default 0,
            scheduled_for \(instant),
            created_at \(instant) not null,
            updated_at \(instant) not null,
            finished_at \(instant)
        )
        """,
        "create index idx_blog_generations_pending on blog_generations (id) where status = 'PENDING'",
        "create index idx_blog_generations_instance_status on blog_generations (instance_id, status, id desc)",
        "create index idx_blog_generations_instance on blog_generations (instance_id, id desc)",
        "create index idx_blog_generations_finished on blog_generations (finished_at) where finished_at is not null",
        """
        create index idx_blog_generations_orphaned on blog_generations (id) where status = 'PENDING' and is_live = 0
        """,
        "create index idx_blog_generations_stray on blog_generations (id) where stray_check = 1",
    ]

    private static let contents: [SQL] = [
        """
        create table blog_ideas (
            generation_id bigint not null references blog_generations,
            round bigint not null,
            ideas text not null,
            created_at \(instant) not null,
            primary key (generation_id, round)
        )
        """,
        // idea: the one that was written about. author_model: who wrote it, as readers are told.
        """
        create table blog_articles (
            generation_id bigint primary key references blog_generations,
            title text not null, slug text not null, excerpt text not null, body text not null,
            meta_description text not null, tags text not null,
            image_prompt text not null, alt_text text not null,
            idea text not null, author_model text not null,
            updated_at \(instant) not null
        )
        """,
        """
        create table blog_images (
            generation_id bigint primary key references blog_generations,
            content_type text not null check (content_type in ('image/png', 'image/jpeg', 'image/webp')),
            bytes \(postgres: "bytea", sqlite: "blob") not null,
            size_bytes bigint not null check (size_bytes between 1 and 33554432),
            width bigint not null, height bigint not null,
            created_at \(instant) not null
        )
        """,
    ]

    private static let instant: SQL = "\(postgres: "timestamptz", sqlite: "text")"
}
