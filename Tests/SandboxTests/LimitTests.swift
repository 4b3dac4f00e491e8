import Sandbox
import Testing

@Suite struct `Limits` {
    private struct Admitted {
        let time: Duration
        let tokens: Int
    }

    /// Offers more than the limits allow, for ten minutes of sandbox time, and returns what was admitted.
    private func flood(_ limits: inout AccountLimits, seed: UInt64, largest: Int) -> [Admitted] {
        var chance = Chance(seed: seed)
        var admitted: [Admitted] = []
        var now = Duration.zero
        while now < .seconds(600) {
            now += .milliseconds(chance.index(below: 150))
            let tokens = 1 + chance.index(below: largest)
            if limits.admit(tokens: tokens, at: now) == .admitted {
                admitted.append(Admitted(time: now, tokens: tokens))
            }
        }
        return admitted
    }

    /// The most that was admitted in any span that begins with an admission and lasts `seconds`.
    private func most(_ admitted: [Admitted], in seconds: Int, of value: (Admitted) -> Int) -> Int {
        var first = 0
        var sum = 0
        var most = 0
        for (index, last) in admitted.enumerated() {
            sum += value(admitted[index])
            while admitted[first].time + .seconds(seconds) <= last.time {
                sum -= value(admitted[first])
                first += 1
            }
            most = max(most, sum)
        }
        return most
    }

    @Test(arguments: Enforcement.allCases, [1, 2, 3] as [UInt64])
    func `never let more through in any span than the rate and the bucket`(_ kind: Enforcement, seed: UInt64) {
        let perMinute = 30_000
        let largest = 1500
        var limits = AccountLimits(requestsPerMinute: 1000, tokensPerMinute: perMinute, enforcement: kind)

        let admitted = flood(&limits, seed: seed, largest: largest)

        let bucket = [.continuousMinute: 60, .tenSecond: 10, .oneSecond: 1, .strictLog: 0][kind] ?? 0
        for seconds in [1, 5, 10, 60, 120] {
            let held = max(perMinute * bucket / 60, largest)
            let allowed =
                kind == .strictLog
                ? perMinute * ((seconds + 59) / 60) : perMinute * seconds / 60 + held
            #expect(most(admitted, in: seconds) { $0.tokens } <= allowed, "\(kind) in \(seconds) s")
        }
        // And they let through what they promise: greedy callers get at least 95 % of the rate.
        #expect(admitted.reduce(0) { $0 + $1.tokens } >= perMinute * 10 * 95 / 100)
    }

    @Test(arguments: Enforcement.allCases)
    func `hold for requests as for tokens`(_ kind: Enforcement) {
        var limits = AccountLimits(requestsPerMinute: 120, tokensPerMinute: 1_000_000, enforcement: kind)

        let admitted = flood(&limits, seed: 4, largest: 10)

        let bucket = [.continuousMinute: 120, .tenSecond: 20, .oneSecond: 2, .strictLog: 0][kind] ?? 0
        #expect(most(admitted, in: 60) { _ in 1 } <= 120 + bucket)
        #expect(admitted.count >= 1140)
    }

    @Test(arguments: Enforcement.allCases, [5, 6, 7] as [UInt64])
    func `name a wait after which the call fits, and not before`(_ kind: Enforcement, seed: UInt64) throws {
        var chance = Chance(seed: seed)
        var limits = AccountLimits(requestsPerMinute: 450, tokensPerMinute: 45_000, enforcement: kind)
        var now = Duration.seconds(3)
        var refusals = 0
        for _ in 0..<300 {
            now += .milliseconds(chance.index(below: 200))
            let tokens = 1 + chance.index(below: 3000)
            guard case .refused(_, _, _, _, let wait) = limits.admit(tokens: tokens, at: now) else { continue }
            refusals += 1
            var early = limits
            if case .admitted = early.admit(tokens: tokens, at: now + wait - .milliseconds(1)) {
                Issue.record("admitted before the wait was over")
            }
            var late = limits
            #expect(late.admit(tokens: tokens, at: now + wait) == .admitted)
        }
        #expect(refusals > 20)
    }

    @Test func `refuse for good what an empty minute would not hold`() {
        var limits = AccountLimits(requestsPerMinute: 10, tokensPerMinute: 1000, enforcement: .oneSecond)

        #expect(limits.admit(tokens: 1001, at: .zero) == .tooLarge(limit: 1000, requested: 1001))
        #expect(limits.admit(tokens: 1000, at: .zero) == .admitted)
    }

    @Test func `spend nothing on a refused call`() {
        var limits = AccountLimits(requestsPerMinute: 1, tokensPerMinute: 1000, enforcement: .continuousMinute)
        #expect(limits.admit(tokens: 10, at: .zero) == .admitted)

        for _ in 0..<5 { #expect(limits.admit(tokens: 500, at: .zero) != .admitted) }

        #expect(limits.tokens.used == 10)
    }

    @Test func `do not mind a time that runs backwards a little`() {
        var limits = AccountLimits(requestsPerMinute: 60, tokensPerMinute: 600, enforcement: .continuousMinute)
        #expect(limits.admit(tokens: 600, at: .seconds(10)) == .admitted)

        #expect(limits.admit(tokens: 100, at: .seconds(9)) != .admitted)
        #expect(limits.admit(tokens: 100, at: .seconds(20)) == .admitted)
    }
}

@Suite struct `Limit headers` {
    private func headers(_ limits: AccountLimits, speed: Double = 1) -> [String: String] {
        let fields = LimitHeaders(limits, scale: TimeScale(speed: speed, epoch: 0)).fields
        return Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: [(200_000, 62, "18ms"), (200_000, 88, "26ms"), (60_000, 4096, "4.096s"), (30_000, 30_000, "1m0s")])
    func `give the time until the bucket is full`(limit: Int, used: Int, reset: String) {
        var limits = AccountLimits(requestsPerMinute: 500, tokensPerMinute: limit, enforcement: .continuousMinute)
        _ = limits.admit(tokens: used, at: .zero)

        let fields = headers(limits)

        #expect(fields["x-ratelimit-limit-tokens"] == "\(limit)")
        #expect(fields["x-ratelimit-remaining-tokens"] == "\(limit - used)")
        #expect(fields["x-ratelimit-reset-tokens"] == reset)
        #expect(fields["x-ratelimit-remaining-requests"] == "499")
        #expect(fields["x-ratelimit-reset-requests"] == "120ms")
    }

    @Test func `tell the limits of the caller's minute when the sandbox runs faster than life`() {
        var limits = AccountLimits(requestsPerMinute: 450, tokensPerMinute: 450_000, enforcement: .continuousMinute)
        _ = limits.admit(tokens: 45_000, at: .zero)

        let fields = headers(limits, speed: 20)

        // 45,000 tokens take 6 s of sandbox time to come back, 300 ms of the caller's; the formula still holds.
        #expect(fields["x-ratelimit-limit-tokens"] == "9000000")
        #expect(fields["x-ratelimit-remaining-tokens"] == "8955000")
        #expect(fields["x-ratelimit-reset-tokens"] == "300ms")
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.milliseconds(18), "18ms"), (.milliseconds(4096), "4.096s"), (.seconds(1), "1s"),
        (.milliseconds(8640), "8.64s"), (.seconds(360), "6m0s"), (.milliseconds(90_951), "1m30.951s"),
        (.seconds(3600), "1h0m0s"),
    ])
    func `write durations as the service does`(duration: Duration, text: String) {
        #expect(LimitHeaders.text(duration) == text)
    }
}
