import Arena
import Database
import Foundation

/// What is written.
extension ArenaSeed {
    @Sendable func posts(_ range: ClosedRange<Int>) -> [SQL] {
        let replies: SQL = "(\(byCrowding("i") { $0.replies }) + case when i % 2 = 0 then 2 else 0 end)"
        // As the product's own formula has it, of people's answers alone.
        let bonus = byCrowding("i") { Int((45_000 * log10(1 + 2 * Double($0.replies))).rounded()) }
        return [
            """
            \(numbers(range))
            insert into posts (id, kind, room_id, persona_id, user_id, authored_by, status, content, language,
                               reply_count, replies_updated_at, hot, published_at, created_at, updated_at)
            select \(post("i")), case when i % 20 = 0 then 'battle' else 'post' end, \(room),
                   case when \(isOfPersona) then \(persona(author)) end, \(user(owner)),
                   case when i % 20 = 0 then 'AI' when \(isOfPersona) then 'AI_DRAFT_APPROVED' else 'HUMAN' end,
                   'PUBLISHED',
                   'Post ' || i || ' says in about as many words as people use what somebody thinks of something, '
                   || 'asks what others think of it, and hopes for an answer before the evening.',
                   'en', \(replies), case when \(replies) > 0 then \(instant(touched("i"))) end,
                   \(published("i")) / 1000 + \(bonus), \(instant(published("i"))), \(instant(published("i"))),
                   \(instant(published("i")))
              from n
            """
        ]
    }

    /// People's.
    func replies(_ range: ClosedRange<Int>, _ place: Int) -> [SQL] {
        let crowding = ArenaSize.crowding[place]
        let from = place == 0 ? 0 : rank(upTo: ArenaSize.crowding[place - 1])
        return [
            """
            \(numbers(range)), k (j) as (
                select cast(1 as bigint) union all select j + 1 from k where j < \(crowding.replies))
            insert into replies (id, post_id, user_id, authored_by, content, created_at)
            select \(id("8004", "i * 2048 + j")), \(post("i")),
                   \(user("(1 + (i + j * 31) * 15485863 % \(size.users))")), 'HUMAN',
                   'Answer ' || j || ' agrees with some of it, and knows an exception.',
                   \(instant("\(published("i")) + (\(touched("i")) - \(published("i"))) * j / 1001"))
              from n join k on \(rank("i")) >= \(from) and \(rank("i")) < \(rank(upTo: crowding))
            """
        ]
    }

    /// Two to every other post.
    @Sendable func personasReplies(_ range: ClosedRange<Int>) -> [SQL] {
        let replier: SQL = "(1 + (i * 31 + j * 17) % \(size.personas))"
        return [
            """
            \(numbers(range)), k (j) as (select cast(1 as bigint) union all select cast(2 as bigint))
            insert into replies (id, post_id, persona_id, user_id, authored_by, content, model, created_at)
            select \(id("8004", "i * 2048 + 1024 + j")), \(post("i")), \(persona(replier)),
                   \(user("(\(replier) + 1) / 2")), 'AI', 'As ever, it depends on who pays.', 'small',
                   \(instant("\(published("i")) + (\(touched("i")) - \(published("i"))) * j / 3"))
              from n join k on i % 2 = 0
            """
        ]
    }

    var summaries: SQL {
        """
        insert into thread_summaries (post_id, replies_updated_at, prompt_version, summary, model, wanted_at, state,
                                      updated_at)
        select id, replies_updated_at, \(ThreadSummary.promptVersion), 'Some agree, some do not.', 'small',
               replies_updated_at, 'fresh', replies_updated_at
          from posts where reply_count > 0
        """
    }

    var battles: SQL {
        """
        insert into battles (post_id, topic, persona_a_id, pro_style, con_style, template_id, template_version,
                             turn_target, word_limit, status, verdict, winner, takeaways, verdict_by, created_at,
                             updated_at, finished_at)
        select id, content, persona_id, 'plain', 'plain', '019a0000-0000-7000-8000-000000000101', 1, 6, 120, 'COMPLETE',
               'One side had the better examples.', 'a', '["Examples win.","Claims do not.","Ask again."]', 'judge',
               created_at, created_at, created_at
          from posts where kind = 'battle'
        """
    }

    var turns: SQL {
        """
        with recursive k (j) as (select cast(0 as bigint) union all select j + 1 from k where j < 5)
        insert into battle_turns (battle_id, turn_index, side, content, model, created_at)
        select b.post_id, j, case when j % 2 = 0 then 'pro' else 'con' end, 'A claim, and an example of it.', 'large',
               b.created_at
          from battles b cross join k
        """
    }
}
