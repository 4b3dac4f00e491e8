/// Everything a sandbox can be told before it starts: where it listens, how fast its time runs, what it allows.
///
/// Plain values with defaults that mimic one paid account: 450 requests and 450,000 tokens a minute for text, 450
/// images a minute. A missing member of its JSON form takes its default; an unknown one is an error.
package struct SandboxConfiguration: Sendable, Equatable, Encodable {
    /// Address to listen on. The sandbox has no secrets and no defences: keep it on loopback.
    package var host = "127.0.0.1"
    /// Port to listen on; 0 takes any free one, which ``SandboxServer/address()`` tells.
    package var port = 8089
    /// How many sandbox seconds pass in a real one. Latencies shrink by it, limits per real minute grow by it.
    package var speed = 1.0
    /// Chat completions a sandbox minute, for the whole account: all keys and all models share it.
    package var requestsPerMinute = 450
    /// Tokens a sandbox minute, charged at admission.
    package var tokensPerMinute = 450_000
    /// Predictions and image generations that may be created in a sandbox minute.
    package var imageRequestsPerMinute = 450
    /// Every other call of the image API (polls, lists, cancels) in a sandbox minute.
    package var imageReadsPerMinute = 3000
    /// How the limits are kept.
    package var enforcement = Enforcement.continuousMinute
    /// How long calls take.
    package var latencies = Latencies()
    /// Every call takes exactly the mean of its range. For measurements that compare durations.
    package var fixedLatency = false
    /// Sandbox seconds for which a prediction's output can be fetched.
    package var outputLifetimeSeconds = 3600.0
    /// Reports the usage the product books (about 2,000 tokens for ideas, 4,000 for an article, ± 10 %) instead of a
    /// count of the characters really written, which are fewer.
    package var idealTokens = true
    /// How much more (0.4) or less (-0.4) than that a call uses on the average, and how far single calls lie to either side.
    package var tokenBias = 0.0
    package var tokenSpread = 0.1
    /// The limit on tokens is charged what a call will use, as if the service knew it beforehand; otherwise the prompt's
    /// estimate and all the tokens that the answer may have. Only with ``idealTokens``.
    package var chargesUse = false
    /// Whether answers of the language model tell its limits in `x-ratelimit-…` headers.
    package var sendsLimitHeaders = true
    /// Pictures that are painted at once; further ones wait for their turn. Nil is no limit.
    package var imageSlots: Int?
    /// Every fetched picture is drawn this many pixels a side, whatever size was asked for: at 64 a picture costs next to
    /// nothing of a processor, for measurements. Nil draws the size that was asked for.
    package var pictureSide: Int?
    /// What texts, images, latencies and chances are drawn from: same seed, same prompt, same answer.
    package var seed: UInt64 = 1
    /// What the simulated Wix is like.
    package var wix = WixConditions()
    /// What goes wrong, and when.
    package var faults: [FaultRule] = []
    /// File that gets one line of JSON per call; nil keeps the calls in memory only.
    package var callLogPath: String?

    package init() {}
}

extension SandboxConfiguration {
    /// Every value that is out of bounds, in words; empty when the configuration can be used.
    package var problems: [String] {
        var problems: [String] = []
        func check(_ holds: Bool, _ problem: String) { if !holds { problems.append(problem) } }
        check(!host.isEmpty, "host is empty")
        check((0...65_535).contains(port), "port is \(port), must be 0 to 65535")
        check((0.01...10_000).contains(speed), "speed is \(speed), must be 0.01 to 10000")
        for (name, limit) in [
            ("requestsPerMinute", requestsPerMinute), ("tokensPerMinute", tokensPerMinute),
            ("imageRequestsPerMinute", imageRequestsPerMinute), ("imageReadsPerMinute", imageReadsPerMinute),
        ] {
            check(
                (1...TokenBucket.perMinuteMax).contains(limit),
                "\(name) is \(limit), must be 1 to \(TokenBucket.perMinuteMax)")
        }
        check((1...86_400).contains(outputLifetimeSeconds), "outputLifetimeSeconds must be 1 to 86400")
        check((-0.9...10).contains(tokenBias), "tokenBias is \(tokenBias), must be -0.9 to 10")
        check((0..<1).contains(tokenSpread), "tokenSpread is \(tokenSpread), must be 0 and less than 1")
        check(imageSlots.map { $0 > 0 } ?? true, "imageSlots must be at least 1")
        check(pictureSide.map((64...2_048).contains) ?? true, "pictureSide must be 64 to 2048")
        problems += latencies.problems + wix.problems
        for (index, rule) in faults.enumerated() { problems += rule.problems.map { "faults[\(index)]: \($0)" } }
        return problems
    }
}
