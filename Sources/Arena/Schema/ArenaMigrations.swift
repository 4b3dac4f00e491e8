import Database

/// Arena's tables. Instants are `timestamptz`, or UTC text on SQLite, as old health queries expect them; ids are texts
/// that sort by time, compared byte by byte on both databases.
package enum ArenaMigrations {
    package static let source = MigrationSource("arena", [accounts, content, society, battles, threads, authors])

    static let instant: SQL = "\(postgres: "timestamptz", sqlite: "text")"
    static let id: SQL = #"\#(postgres: #"text collate "C""#, sqlite: "text")"#

    private static let accounts = Migration(
        1, "users, sessions, personas, quotas",
        up: users + personas,
        down: [
            "drop table quota_uses", "drop table profile_slugs", "drop table profiles", "drop table personas",
            "drop table session_refreshes", "drop table sessions", "drop table users",
        ])

    private static let users: [SQL] = [
        // email: in lower case, as it is compared.
        """
        create table users (
            id \(id) primary key,
            tenant_id bigint not null unique references tenants,
            email text not null unique,
            password_hash text not null,
            display_name text not null,
            role text not null default 'user' check (role in ('user', 'moderator', 'admin')),
            status text not null default 'active' check (status in ('active', 'suspended', 'deleted')),
            time_zone text not null default 'UTC',
            created_at \(instant) not null,
            updated_at \(instant) not null
        )
        """,
        """
        create table sessions (
            id \(id) primary key,
            user_id \(id) not null references users,
            expires_at \(instant) not null,
            revoked_at \(instant),
            created_at \(instant) not null
        )
        """,
        "create index sessions_user on sessions (user_id)",
        // hash: SHA-256 of a refresh token, in hexadecimal; the token itself is nowhere. A used one stays, so that its
        // second use is known for what it is: somebody has stolen it.
        """
        create table session_refreshes (
            hash text primary key,
            session_id \(id) not null references sessions,
            used_at \(instant),
            created_at \(instant) not null
        )
        """,
        "create index session_refreshes_session on session_refreshes (session_id)",
    ]

    private static let personas: [SQL] = [
        """
        create table personas (
            id \(id) primary key,
            user_id \(id) not null references users,
            name text not null,
            bio text not null,
            tone text not null,
            calibration text not null,
            language text not null,
            draft_quota bigint not null, reply_quota bigint not null, preview_quota bigint not null,
            status text not null default 'active' check (status in ('active', 'paused', 'deleted')),
            created_at \(instant) not null,
            updated_at \(instant) not null
        )
        """,
        "create index personas_user on personas (user_id, created_at, id)",
        """
        create table profiles (
            persona_id \(id) primary key references personas,
            slug text not null unique,
            is_public smallint not null,
            bio text not null,
            published_at \(instant),
            updated_at \(instant) not null
        )
        """,
        // Every slug that a profile ever had: an old address goes on leading to it and is never another's.
        """
        create table profile_slugs (
            slug text primary key,
            persona_id \(id) not null references personas
        )
        """,
        "create index profile_slugs_persona on profile_slugs (persona_id)",
        // One day's use of one persona. A use is reserved when work is accepted and spent when it has succeeded.
        """
        create table quota_uses (
            persona_id \(id) not null references personas,
            kind text not null check (kind in ('draft', 'reply', 'preview')),
            day text not null,
            reserved bigint not null default 0 check (reserved >= 0),
            spent bigint not null default 0 check (spent >= 0),
            primary key (persona_id, kind, day)
        )
        """,
    ]
}
