import Outbound

extension Configuration {
    /// The second product: personas, posts, battles.
    struct Arena: Sendable {
        /// Signs its tokens, the same in every process. Without one, a process on SQLite makes one and keeps it beside the
        /// database.
        let tokenSecret: Secret?
        /// What a persona may have written for it in a day; previews are ``Work/previewQuota``.
        let draftQuota: Int
        let replyQuota: Int

        init(_ reader: inout SettingReader) {
            tokenSecret = reader.optional(
                "ARENA_TOKEN_SECRET", .secret("at least 32 characters without blanks", atLeast: 32))
            draftQuota = reader.value("DEFAULT_DRAFT_QUOTA", .integer(in: 0...1_000), default: 5)
            replyQuota = reader.value("DEFAULT_REPLY_QUOTA", .integer(in: 0...10_000), default: 25)
        }
    }
}
