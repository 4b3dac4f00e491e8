import Database

/// Two sides, the rules they keep to, and what becomes of it.
extension ArenaMigrations {
    static let battles = Migration(
        4, "templates, battles, votes, remixes",
        up: templates + tables,
        down: [
            "drop table remix_tokens", "drop table battle_votes", "drop table battle_turns", "drop table battles",
            "drop table template_versions", "drop table templates",
        ])

    private static let templates: [SQL] = [
        // What a template says stands in its versions; version: the newest.
        """
        create table templates (
            id \(id) primary key,
            owner_user_id \(id) references users,
            version bigint not null default 1,
            name text not null,
            is_public smallint not null,
            is_archived smallint not null default 0,
            created_at \(instant) not null,
            updated_at \(instant) not null
        )
        """,
        "create index templates_public on templates (created_at desc, id desc) where is_public = 1 and is_archived = 0",
        "create index templates_owner on templates (owner_user_id)",
        """
        create table template_versions (
            template_id \(id) not null references templates,
            version bigint not null,
            name text not null,
            prompt_rules text not null,
            turn_count bigint not null check (turn_count between 2 and 20),
            word_limit bigint not null check (word_limit between 40 and 500),
            created_at \(instant) not null,
            primary key (template_id, version)
        )
        """,
        """
        insert into templates (id, version, name, is_public, created_at, updated_at) values
            ('019a0000-0000-7000-8000-000000000101', 1, 'Open debate', 1,
             '2026-01-01 00:00:00.000', '2026-01-01 00:00:00.000'),
            ('019a0000-0000-7000-8000-000000000102', 1, 'Long form', 1,
             '2026-01-01 00:00:00.000', '2026-01-01 00:00:00.000')
        """,
        """
        insert into template_versions (template_id, version, name, prompt_rules, turn_count, word_limit, created_at) values
            ('019a0000-0000-7000-8000-000000000101', 1, 'Open debate',
             'Each turn makes one claim and supports it with something concrete. Answer the strongest point of the other side.',
             6, 120, '2026-01-01 00:00:00.000'),
            ('019a0000-0000-7000-8000-000000000102', 1, 'Long form',
             'Open with a position, then take the other side apart point by point. No claim is made twice.',
             10, 160, '2026-01-01 00:00:00.000')
        """,
    ]

    private static let tables: [SQL] = [
        // persona_b_id: null stands for the community's voice. A battle keeps the version of the template it began with.
        """
        create table battles (
            post_id \(id) primary key references posts,
            topic text not null,
            persona_a_id \(id) not null references personas,
            persona_b_id \(id) references personas,
            pro_style text not null, con_style text not null,
            template_id \(id) not null, template_version bigint not null,
            turn_target bigint not null, word_limit bigint not null,
            status text not null default 'QUEUED' check (status in (
                'QUEUED', 'RUNNING', 'JUDGING', 'COMPLETE', 'PARTIAL', 'FAILED', 'CANCELLED')),
            run bigint not null default 1,
            job_id bigint unique,
            verdict text, winner text check (winner in ('a', 'b', 'tie')), takeaways text,
            verdict_by text check (verdict_by in ('judge', 'heuristic')),
            error_code text, error text,
            source_battle_id \(id) references battles, root_battle_id \(id) references battles,
            remix_depth bigint not null default 0,
            quota_day text,
            quota_state text not null default 'none' check (quota_state in ('none', 'reserved', 'spent', 'released')),
            created_at \(instant) not null,
            updated_at \(instant) not null,
            finished_at \(instant),
            foreign key (template_id, template_version) references template_versions
        )
        """,
        "create index battles_source on battles (source_battle_id) where source_battle_id is not null",
        """
        create table battle_turns (
            battle_id \(id) not null references battles,
            turn_index bigint not null,
            side text not null check (side in ('pro', 'con')),
            persona_id \(id) references personas,
            content text not null,
            model text,
            created_at \(instant) not null,
            primary key (battle_id, turn_index)
        )
        """,
        // voter: a user's id, or a salted digest of an address.
        """
        create table battle_votes (
            battle_id \(id) not null references battles,
            voter text not null,
            choice text not null check (choice in ('a', 'b', 'tie', 'both_bad')),
            created_at \(instant) not null,
            primary key (battle_id, voter)
        )
        """,
        // Tokens of remixes that were made: each works once.
        """
        create table remix_tokens (
            id text primary key,
            battle_id \(id) not null references battles,
            used_at \(instant) not null
        )
        """,
    ]
}
