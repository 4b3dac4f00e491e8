import Engine
import ProductKit

extension Arena {
    /// Models, limits and patience: configuration.
    package struct Settings: Sendable {
        /// Signs tokens; at least ``AccessTokens/secretBytesMin`` bytes.
        package var tokenSecret: [UInt8]
        package var accessTokenLife = Duration.seconds(15 * 60)
        /// A session that is not refreshed for so long ends.
        package var sessionLife = Duration.seconds(30 * 86_400)
        package var passwordCost = Passwords.Cost()

        /// What a persona is given when it is made.
        package var draftQuota = 5
        package var replyQuota = 25
        package var previewQuota = 5
        package var personasMax = 50
        /// Replies of personas to one post.
        package var personaRepliesMax = 50

        /// Writes posts, replies and summaries.
        package var model = "small"
        /// Writes and judges battles.
        package var battleModel = "large"
        /// Who is paid, as the ledger names them.
        package var textProvider = "openai"
        /// Texts come from a simulation, and readers are told.
        package var isSandbox = false
        package var prices = ModelPrices()
        /// The pool that every call draws on.
        package var pool: PoolName = "model"
        /// What needs no call draws on this one, which has no limits.
        package var digestPool: PoolName = "digests"
        package var costs = Costs()
        package var timeouts = Timeouts()
        /// Of calls that nobody waits for: 30 s, then twice as long each time up to 10 min, give or take a fifth.
        package var backoff = Backoff(first: .seconds(30), longest: .seconds(600), spread: 0.8...1.2)
        /// Of calls that somebody may still be waiting for.
        package var hastyBackoff = Backoff(first: .milliseconds(500), longest: .seconds(4))
        /// How long a pool rests after a refusal that does not say.
        package var defaultPause = Duration.seconds(2)
        /// A request waits for its work so long and is then answered with an operation.
        package var patience = Duration.seconds(12)
        /// A thread is summarised so long after its last reply.
        package var summaryPause = Duration.seconds(10)

        package init(tokenSecret: [UInt8]) { self.tokenSecret = tokenSecret }
    }

    /// What calls usually cost, in the pool's unit, tokens: prompt, and the whole of what the answer may be.
    package struct Costs: Sendable {
        package var text = 1_400.0
        package var battleTurns = 3_000.0
        package var verdict = 2_500.0
        package var summary = 1_800.0
        package init() {}

        /// Models that reason are given room for thoughts beside the answer, in tokens, and providers charge that too.
        package mutating func add(thoughts: Int, inBattles: Int) {
            text += Double(thoughts)
            summary += Double(thoughts)
            battleTurns += Double(inBattles)
            verdict += Double(inBattles)
        }
    }

    /// Deadlines of one attempt.
    package struct Timeouts: Sendable {
        package var text = Duration.seconds(15)
        package var battle = Duration.seconds(45)
        package var summary = Duration.seconds(30)
        package var digest = Duration.seconds(60)
        package init() {}
    }
}
