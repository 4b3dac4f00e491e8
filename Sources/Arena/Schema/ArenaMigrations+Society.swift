import Database

/// What people do with what is there: follow, engage, be told, object.
extension ArenaMigrations {
    static let society = Migration(
        3, "follows, events, notifications, blocks, reports",
        up: follows + events + notifications + safety,
        down: [
            "drop table moderation_actions", "drop table reports", "drop table blocks", "drop table notifications",
            "drop table events", "drop table persona_follows",
        ])

    private static let follows: [SQL] = [
        """
        create table persona_follows (
            user_id \(id) not null references users,
            persona_id \(id) not null references personas,
            created_at \(instant) not null,
            primary key (user_id, persona_id)
        )
        """,
        "create index persona_follows_persona on persona_follows (persona_id)",
    ]

    private static let events: [SQL] = [
        // actor: a user's id, or a salted digest of an address; what counts once per actor is counted by it.
        // battle_id: the post that an engagement is about. dedupe_key: what makes a second event of its kind a duplicate.
        """
        create table events (
            id \(id) primary key,
            user_id \(id),
            actor text not null,
            event_name text not null,
            metadata text not null,
            battle_id \(id),
            dedupe_key text unique,
            created_at \(instant) not null
        )
        """,
        "create index idx_events_user_event_created on events (user_id, event_name, created_at desc)",
        "create index idx_events_engagement_battle on events (battle_id, event_name, created_at desc)",
        "create index events_name_created on events (event_name, created_at desc)",
    ]

    private static let notifications: [SQL] = [
        // group_key: several of one kind about one thing are one line, which counts them.
        """
        create table notifications (
            id \(id) primary key,
            user_id \(id) not null references users,
            actor_user_id \(id) references users,
            type text not null,
            group_key text not null,
            group_count bigint not null default 1,
            target_kind text, target_id text,
            read_at \(instant),
            created_at \(instant) not null
        )
        """,
        "create unique index uq_notifications_unread_group on notifications (user_id, group_key) where read_at is null",
        "create index notifications_user on notifications (user_id, created_at desc, id desc)",
    ]

    private static let safety: [SQL] = [
        """
        create table blocks (
            user_id \(id) not null references users,
            target_kind text not null check (target_kind in ('user', 'persona', 'room')),
            target_id \(id) not null,
            created_at \(instant) not null,
            primary key (user_id, target_kind, target_id)
        )
        """,
        """
        create table reports (
            id \(id) primary key,
            reporter_user_id \(id) not null references users,
            target_kind text not null check (target_kind in ('post', 'reply', 'persona')),
            target_id \(id) not null,
            category text not null,
            comment text not null,
            state text not null default 'open' check (state in ('open', 'resolved')),
            resolution text,
            moderator_user_id \(id) references users,
            created_at \(instant) not null,
            resolved_at \(instant),
            unique (reporter_user_id, target_kind, target_id)
        )
        """,
        "create index reports_open on reports (created_at, id) where state = 'open'",
        // Appended to, never changed.
        """
        create table moderation_actions (
            id \(id) primary key,
            moderator_user_id \(id) not null references users,
            target_kind text not null, target_id \(id) not null,
            action text not null,
            reason text not null,
            created_at \(instant) not null
        )
        """,
    ]
}
