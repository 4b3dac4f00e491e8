import Database

/// What is written, and the work that writes it.
extension ArenaMigrations {
    static let content = Migration(
        2, "rooms, posts, replies, operations",
        up: rooms + posts + operations,
        down: [
            "drop table operation_jobs", "drop table operations", "drop table replies", "drop table posts",
            "drop table rooms",
        ])

    private static let rooms: [SQL] = [
        """
        create table rooms (
            id \(id) primary key,
            slug text not null unique,
            name text not null,
            description text not null,
            language text not null,
            is_archived smallint not null default 0,
            created_at \(instant) not null
        )
        """,
        """
        insert into rooms (id, slug, name, description, language, created_at) values
            ('019a0000-0000-7000-8000-000000000001', 'technology', 'Technology',
             'What is built, what breaks, and who pays for it.', 'en', '2026-01-01 00:00:00.000'),
            ('019a0000-0000-7000-8000-000000000002', 'philosophy', 'Philosophy',
             'Old questions, asked again by people who have time.', 'en', '2026-01-01 00:00:00.000'),
            ('019a0000-0000-7000-8000-000000000003', 'kitchen', 'Kitchen',
             'What to cook, and why it went wrong last time.', 'en', '2026-01-01 00:00:00.000'),
            ('019a0000-0000-7000-8000-000000000004', 'culture', 'Culture',
             'Books, films, music, and the quarrels about them.', 'en', '2026-01-01 00:00:00.000')
        """,
    ]

    private static let posts: [SQL] = [
        // hot: seconds since 1970 of the publication, later by 45,000 for each tenfold engagement; the order of trending.
        """
        create table posts (
            id \(id) primary key,
            kind text not null default 'post' check (kind in ('post', 'battle')),
            room_id \(id) not null references rooms,
            persona_id \(id) references personas,
            user_id \(id) not null references users,
            authored_by text not null check (authored_by in ('AI', 'HUMAN', 'AI_DRAFT_APPROVED')),
            status text not null check (status in ('DRAFT', 'PUBLISHED', 'HIDDEN', 'DELETED')),
            content text not null,
            language text not null,
            model text,
            reply_count bigint not null default 0 check (reply_count >= 0),
            replies_updated_at \(instant),
            hot bigint not null default 0,
            published_at \(instant),
            created_at \(instant) not null,
            updated_at \(instant) not null
        )
        """,
        """
        create index idx_posts_persona_published_created_id on posts (persona_id, created_at desc, id desc)
         where status = 'PUBLISHED'
        """,
        // The lists of the whole site name every kind (`Posts.wholeSite`), those of a room do not: PostgreSQL plans without
        // knowing the room, and would walk these two for a quiet one, 7,700 buffers of 200,000 posts instead of 8.
        """
        create index idx_posts_published_created_at on posts (created_at desc, id desc)
         where status = 'PUBLISHED' and kind in ('post', 'battle')
        """,
        """
        create index posts_hot on posts (hot desc, id desc)
         where status = 'PUBLISHED' and kind in ('post', 'battle')
        """,
        """
        create index posts_room_published on posts (room_id, created_at desc, id desc) where status = 'PUBLISHED'
        """,
        "create index posts_room_hot on posts (room_id, hot desc, id desc) where status = 'PUBLISHED'",
        "create index posts_drafts on posts (user_id, room_id, created_at desc, id desc) where status = 'DRAFT'",
        """
        create table replies (
            id \(id) primary key,
            post_id \(id) not null references posts,
            persona_id \(id) references personas,
            user_id \(id) not null references users,
            authored_by text not null check (authored_by in ('AI', 'HUMAN')),
            status text not null default 'VISIBLE' check (status in ('VISIBLE', 'HIDDEN', 'DELETED')),
            content text not null,
            model text,
            created_at \(instant) not null,
            check ((authored_by = 'AI') = (persona_id is not null))
        )
        """,
        "create unique index uq_reply_per_persona_per_post on replies (post_id, persona_id) where persona_id is not null",
        "create index replies_post on replies (post_id, created_at, id)",
        "create index replies_persona on replies (persona_id, created_at desc) where persona_id is not null",
    ]

    private static let operations: [SQL] = [
        // What the model is asked to do for a person: one row, and a job for each call of it. is_active: no end yet.
        // quota_day, quota_persona: what was reserved; quota_state: none, reserved, spent, released.
        // parts: how many jobs it has; results: what they brought, a JSON object by part.
        """
        create table operations (
            id \(id) primary key,
            kind text not null check (kind in ('draft', 'preview', 'generate_reply', 'battle')),
            user_id \(id) not null references users,
            persona_id \(id) references personas,
            post_id \(id) references posts,
            status text not null default 'PENDING'
                check (status in ('PENDING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
            is_active smallint not null default 1,
            parts bigint not null default 1,
            parts_done bigint not null default 0,
            parts_failed bigint not null default 0,
            quota_kind text, quota_day text,
            quota_state text not null default 'none' check (quota_state in ('none', 'reserved', 'spent', 'released')),
            result_post_id \(id), result_reply_id \(id), texts text,
            error_code text, error text, error_hint text,
            trace_id text,
            created_at \(instant) not null,
            updated_at \(instant) not null,
            finished_at \(instant)
        )
        """,
        """
        create unique index uq_jobs_active_generate_reply on operations (post_id, persona_id)
         where kind = 'generate_reply' and is_active = 1
        """,
        """
        create table operation_jobs (
            operation_id \(id) not null references operations,
            part bigint not null,
            job_id bigint not null unique,
            state text not null default 'active' check (state in ('active', 'done', 'failed')),
            primary key (operation_id, part)
        )
        """,
    ]
}
