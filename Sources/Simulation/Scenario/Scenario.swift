import Sandbox

/// What is simulated: who wants how much, what the providers really allow, and what goes wrong.
package struct Scenario: Sendable {
    /// Asked for at the start; the first site owns half of them.
    package var blogs = 5_000
    package var sites = 100
    /// Sites that ask for a single blog in the middle of it, evenly spread over this time.
    package var lateSingles = 20
    package var lateFrom = Duration.seconds(600)
    package var lateTo = Duration.seconds(1_800)

    /// What the pools are told that the language model allows.
    package var requestsPerMinute = 450
    package var tokensPerMinute = 450_000
    /// What it really allows, when that is something else.
    package var realTokensPerMinute: Int?
    package var sendsHeaders = true
    package var enforcement = Enforcement.continuousMinute
    /// How far a call's tokens lie from the estimate: on the average, and single ones to either side.
    package var tokenBias = 0.0
    package var tokenError = 0.0
    /// Pictures that the image provider paints at once.
    package var imageSlots: Int?
    /// Calls that a draft takes, and a site's own limit.
    package var siteCalls = 2
    package var siteCallsPerMinute = 200

    package var workers = 3
    package var slots = 50
    package var seed: UInt64 = 1
    /// The share of the first site; the others have 1.
    package var weight = 1.0
    /// The first site is paused from 10 to 20 minutes.
    package var pausesFirstSite = false
    /// How often a worker is killed, to be started again a few seconds later.
    package var killEvery: Duration?
    /// Prints what the processes log.
    package var showsLog = false

    package init() {}

    /// What a site that comes back may be ahead of its turn, in tokens: two articles.
    static let modelCredit = 8_000.0
    package static let pauseFrom = Duration.seconds(600)
    package static let pauseTo = Duration.seconds(1_200)
    /// What a killed worker's supervisor takes to start it again.
    package static let restartDelay = Duration.seconds(5)
    /// Virtual time after which a run that does not end is given up.
    package var patience: Duration { .seconds(6 * 3600) + .seconds(blogs / 4) }

    /// The sites by name with what they ask for at the start, the largest first.
    package var demand: [(site: String, blogs: Int)] {
        let half = sites > 1 ? blogs / 2 : blogs
        let rest = blogs - half
        return (0..<sites).map { index in
            guard index > 0 else { return (Self.site(0), half) }
            let others = sites - 1
            return (Self.site(index), rest / others + (index <= rest % others ? 1 : 0))
        }
    }

    package static func site(_ index: Int) -> String { "site-\(index)" }
    package static func late(_ index: Int) -> String { "late-\(index)" }

    /// When each late single is asked for.
    package var lateTimes: [Duration] {
        (0..<lateSingles).map { lateFrom + (lateTo - lateFrom) * ((Double($0) + 0.5) / Double(lateSingles)) }
    }

    package func weight(of site: String) -> Double { site == Self.site(0) ? weight : 1 }

    package var sandbox: SandboxConfiguration {
        var sandbox = SandboxConfiguration()
        sandbox.requestsPerMinute = requestsPerMinute
        sandbox.tokensPerMinute = realTokensPerMinute ?? tokensPerMinute
        sandbox.enforcement = enforcement
        sandbox.tokenBias = tokenBias
        sandbox.tokenSpread = tokenError
        sandbox.chargesUse = true
        sandbox.sendsLimitHeaders = sendsHeaders
        sandbox.imageSlots = imageSlots
        sandbox.seed = seed
        return sandbox
    }
}
