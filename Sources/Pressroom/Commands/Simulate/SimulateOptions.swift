import ArgumentParser
import Sandbox
import Simulation

/// Who asks for what.
struct SimulatedDemand: ParsableArguments {
    @Option(help: "Blogs asked for at the start.") var blogs = 5_000
    @Option(help: "Sites that ask for them; the first owns half.") var sites = 100
    @Option(help: "Sites that ask for a single blog in the middle of it.") var late = 20
    @Option(help: "When the first of those asks.") var lateFrom = "10m"
    @Option(help: "When the last of those asks.") var lateTo = "30m"
    @Option(help: "Workers, each with 50 slots.") var workers = 3
    @Option(help: "What chance is drawn from.") var seed: UInt64 = 1
    @Flag(help: "The first site has three times the share of the others.") var weights = false
    @Flag(help: "The first site is paused from 10 to 20 minutes.") var pauseResume = false

    func apply(to scenario: inout Scenario) throws {
        try BenchOptions.require((0...100_000).contains(blogs), "--blogs is 0 to 100000")
        try BenchOptions.require((1...10_000).contains(sites), "--sites is 1 to 10000")
        try BenchOptions.require((0...1_000).contains(late), "--late is 0 to 1000")
        try BenchOptions.require((1...100).contains(workers), "--workers is 1 to 100")
        scenario.blogs = blogs
        scenario.sites = sites
        scenario.lateSingles = late
        scenario.lateFrom = try SimulatedTrouble.duration(lateFrom, "--late-from")
        scenario.lateTo = try SimulatedTrouble.duration(lateTo, "--late-to")
        try BenchOptions.require(scenario.lateFrom <= scenario.lateTo, "--late-from is not after --late-to")
        scenario.workers = workers
        scenario.seed = seed
        scenario.weight = weights ? 3 : 1
        scenario.pausesFirstSite = pauseResume
    }
}

/// What the pools are told, and what the providers really do.
struct SimulatedLimits: ParsableArguments {
    @Option(help: "Requests a minute that the language model allows.") var rpm = 450
    @Option(help: "Tokens a minute that the pools are told it allows.") var tpm = 450_000
    @Option(help: "Tokens a minute that it really allows.") var realLimit: Int?
    @Flag(help: "Answers do not tell the limits.") var noHeaders = false
    @Option(help: "continuousMinute, strictLog, tenSecond or oneSecond.") var enforcement = Enforcement.continuousMinute
    @Option(help: "How far single calls lie from the estimate, as a share: 0.4 is ± 40 %.") var tokenError = 0.0
    @Option(parsing: .unconditional, help: "How far all calls lie from the estimate: 0.4 or -0.4.") var tokenBias = 0.0
    @Option(help: "Pictures that are painted at once.") var imageSlots: Int?
    @Option(help: "Calls that a draft takes of its site's 200 a minute.") var siteCalls = 2

    func apply(to scenario: inout Scenario) throws {
        try BenchOptions.require((1...1_000_000).contains(rpm), "--rpm is 1 to 1000000")
        for (name, limit) in [("--tpm", tpm), ("--real-limit", realLimit ?? tpm)] {
            try BenchOptions.require((10_000...50_000_000).contains(limit), "\(name) is 10000 to 50000000")
        }
        try BenchOptions.require((0..<1).contains(tokenError), "--token-error is 0 to less than 1")
        try BenchOptions.require((-0.9...10).contains(tokenBias), "--token-bias is -0.9 to 10")
        try BenchOptions.require((1...200).contains(siteCalls), "--site-calls is 1 to 200")
        try BenchOptions.require(imageSlots.map { $0 > 0 } ?? true, "--image-slots counts from 1")
        scenario.requestsPerMinute = rpm
        scenario.tokensPerMinute = tpm
        scenario.realTokensPerMinute = realLimit
        scenario.sendsHeaders = !noHeaders
        scenario.enforcement = enforcement
        scenario.tokenError = tokenError
        scenario.tokenBias = tokenBias
        scenario.imageSlots = imageSlots
        scenario.siteCalls = siteCalls
    }
}

/// What goes wrong, and who wants to watch.
struct SimulatedTrouble: ParsableArguments {
    @Option(help: "Kill a worker this often, such as 5m; it is started again after 5 s.") var killEvery: String?
    @Flag(help: "Print what the processes log.") var log = false

    func apply(to scenario: inout Scenario) throws {
        scenario.killEvery = try killEvery.map { text in
            let pause = try Self.duration(text, "--kill-every")
            try BenchOptions.require(pause >= .seconds(1), "--kill-every is at least 1s")
            return pause
        }
        scenario.showsLog = log
    }

    static func duration(_ text: String, _ name: String) throws -> Duration {
        guard let duration = DurationText.parse(text), duration >= .zero else {
            throw ValidationError("\(name) is a length of time such as 90s or 5m")
        }
        return duration
    }
}

extension Enforcement: ExpressibleByArgument {}
