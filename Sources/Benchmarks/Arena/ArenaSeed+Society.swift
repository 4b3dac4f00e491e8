import Database

/// People, and what they do with what is there.
extension ArenaSeed {
    @Sendable func people(_ range: ClosedRange<Int>) -> [SQL] {
        [
            """
            \(numbers(range)) insert into tenants (id, name, created_at)
            select 1000 + i, 'user:' || i, \(now) from n
            """,
            """
            \(numbers(range))
            insert into users (id, tenant_id, email, password_hash, display_name, created_at, updated_at)
            select \(user("i")), 1000 + i, 'user-' || i || '@bench.example', 'none', 'User ' || i, \(instant("\(now)")),
                   \(instant("\(now)"))
              from n
            """,
        ]
    }

    /// Each person's first one is public.
    @Sendable func personas(_ range: ClosedRange<Int>) -> [SQL] {
        [
            """
            \(numbers(range))
            insert into personas (id, user_id, name, bio, tone, calibration, language, draft_quota, reply_quota,
                                  preview_quota, created_at, updated_at)
            select \(persona("i")), \(user("(i + 1) / 2")), 'Persona ' || i, 'Has an opinion on everything.', 'dry',
                   '{"catchphrases":[],"doNotSay":[],"formality":1,"talkativeness":50,"writingSamples":[]}', 'en',
                   5, 25, 5, \(instant("\(now)")), \(instant("\(now)"))
              from n
            """,
            """
            \(numbers(range))
            insert into profiles (persona_id, slug, is_public, bio, published_at, updated_at)
            select \(persona("i")), 'persona-' || i, 1, 'Has an opinion on everything.', \(instant("\(now)")),
                   \(instant("\(now)"))
              from n where i % 2 = 1
            """,
            """
            \(numbers(range)) insert into profile_slugs (slug, persona_id)
            select 'persona-' || i, \(persona("i")) from n where i % 2 = 1
            """,
        ]
    }

    /// - Parameter every: only one person in so many follows.
    func follows(_ range: ClosedRange<Int>, each: Int, every: Int) -> [SQL] {
        let follower: SQL = "((i - 1) / \(each) * \(every) + 1)"
        let followed = skewed("i * 31 + \(every)", size.personas)
        return [
            """
            \(numbers(range)) insert into persona_follows (user_id, persona_id, created_at)
            select \(user(follower)), \(persona(followed)), \(instant("\(now)")) from n
             where (\(followed) + 1) / 2 <> \(follower)
            on conflict do nothing
            """
        ]
    }

    /// One person in twenty has blocked another.
    @Sendable func blocks(_ range: ClosedRange<Int>) -> [SQL] {
        [
            """
            \(numbers(range)) insert into blocks (user_id, target_kind, target_id, created_at)
            select \(user("i")), 'user', \(user("(1 + i * 7919 % \(size.users))")), \(instant("\(now)"))
              from n where i % 20 = 0
            """
        ]
    }

    /// One in six is unread.
    @Sendable func notifications(_ range: ClosedRange<Int>) -> [SQL] {
        let time = "\(now - Self.spanMilliseconds) + i * 7919 % \(Self.prime) * 5000" as SQL
        return [
            """
            \(numbers(range))
            insert into notifications (id, user_id, type, group_key, target_kind, target_id, read_at, created_at)
            select \(id("8006", "i")), \(user("((i - 1) / \(ArenaSize.notificationsEach) + 1)")), 'reply_received',
                   'reply_received:post:' || i, 'post', \(post("(1 + i % \(size.posts))")),
                   case when i % 6 > 0 then \(instant("\(now)")) end, \(instant(time))
              from n
            """
        ]
    }

    /// One in five is of somebody who has not signed in.
    @Sendable func events(_ range: ClosedRange<Int>) -> [SQL] {
        let actor = user(skewed("i", size.users))
        let time = "\(now - Self.spanMilliseconds) + i * \(Self.spanMilliseconds) / \(size.events)" as SQL
        return [
            """
            \(numbers(range))
            insert into events (id, user_id, actor, event_name, metadata, battle_id, dedupe_key, created_at)
            select \(id("8005", "i")), case when i % 5 > 0 then \(actor) end,
                   case when i % 5 > 0 then \(actor) else 'anon:' || (i * 7919 % \(Self.prime)) end,
                   case i % 8 when 0 then 'daily_return' when 1 then 'battle_shared' when 2 then 'notification_clicked'
                              when 3 then 'public_profile_viewed' else 'public_battle_viewed' end,
                   '{}',
                   case when i % 8 in (1, 4, 5, 6, 7) then \(post("(20 * \(skewed("i", size.posts / 20)))")) end,
                   'bench:' || i, \(instant(time))
              from n
            """
        ]
    }
}
