import Database

/// Posts by who has written them.
extension ArenaMigrations {
    static let authors = Migration(
        6, "posts by author, for feeds",
        up: [
            // In which rooms somebody writes.
            "create index posts_author_room on posts (user_id, room_id) where status = 'PUBLISHED'",
            // What is hottest of those whom somebody follows.
            "create index posts_persona_hot on posts (persona_id, hot desc, id desc) where status = 'PUBLISHED'",
        ],
        down: ["drop index posts_persona_hot", "drop index posts_author_room"])
}
