import Database

/// What is said about threads and days, kept so that it is said once.
extension ArenaMigrations {
    static let threads = Migration(
        5, "thread summaries, digests",
        up: [
            // replies_updated_at: the state of the thread that the text is about. wanted_at: the state for which a job was
            // asked for last, so that a thousand readers ask once.
            """
            create table thread_summaries (
                post_id \(id) primary key references posts,
                replies_updated_at \(instant),
                prompt_version bigint not null default 0,
                summary text,
                model text,
                wanted_at \(instant),
                state text not null default 'generating' check (state in ('fresh', 'generating', 'failed')),
                updated_at \(instant) not null
            )
            """,
            """
            create table daily_digests (
                persona_id \(id) not null references personas,
                day text not null,
                digest text not null,
                created_at \(instant) not null,
                primary key (persona_id, day)
            )
            """,
            """
            create table weekly_digests (
                user_id \(id) not null references users,
                week text not null,
                digest text not null,
                created_at \(instant) not null,
                primary key (user_id, week)
            )
            """,
        ],
        down: ["drop table weekly_digests", "drop table daily_digests", "drop table thread_summaries"])
}
