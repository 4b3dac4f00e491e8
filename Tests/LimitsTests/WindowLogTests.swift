import Testing

@testable import Limits

@Suite struct `A window` {
    @Test func `gives its limit and then nothing until the oldest permits leave`() {
        var log = WindowLog(window: 60_000)

        #expect(log.grant(100, limit: 120, at: 0) == Grant(granted: 100, left: 20, freeInMilliseconds: 60_000))
        #expect(log.grant(100, limit: 120, at: 10_000) == Grant(granted: 20, left: 0, freeInMilliseconds: 50_000))
        #expect(log.grant(1, limit: 120, at: 59_999).granted == 0)
        #expect(log.grant(120, limit: 120, at: 60_000) == Grant(granted: 100, left: 0, freeInMilliseconds: 10_000))
    }

    @Test func `holds its limit in every stretch of its length, whatever is asked of it`() {
        var random = SplitMix(seed: 7)
        var log = WindowLog(window: 60_000)
        var given: [(at: Int64, count: Int)] = []
        var now: Int64 = 0
        for _ in 0..<5_000 {
            now += Int64.random(in: 0...700, using: &random)
            let granted = log.grant(Int.random(in: 1...20, using: &random), limit: 120, at: now).granted
            given.append((now, granted))
            let within = given.reversed().prefix { $0.at > now - 60_000 }.reduce(0) { $0 + $1.count }
            #expect(within <= 120)
        }
        let total = given.reduce(0) { $0 + $1.count }
        #expect(total > Int(now) * 120 / 60_000 * 9 / 10, "it gives away what it has")
    }

    @Test func `is small however much it gives`() {
        var log = WindowLog(window: 60_000)

        for now in Int64(0)..<60_000 { _ = log.grant(1, limit: 100_000, at: now) }

        #expect(log.text.split(separator: " ").count <= 65)
        #expect(log.count == 60_000)
    }

    @Test func `reads back what it wrote, and nonsense as nothing`() {
        var log = WindowLog(window: 60_000)
        for now in stride(from: Int64(1_800_000_000_000), to: 1_800_000_050_000, by: 2_500) { log.add(5, at: now) }

        #expect(WindowLog(text: log.text, window: 60_000) == log)
        #expect(WindowLog(text: "x:y 12 :: -", window: 60_000).count == 0)
        #expect(WindowLog(text: "", window: 60_000) == WindowLog(window: 60_000))
    }

    @Test func `does not give twice when the clock is put back`() {
        var log = WindowLog(window: 60_000)
        _ = log.grant(120, limit: 120, at: 100_000)

        #expect(log.grant(10, limit: 120, at: 50_000).granted == 0)
        #expect(log.grant(10, limit: 120, at: 159_999).granted == 0)
        #expect(log.grant(10, limit: 120, at: 160_000).granted == 10)
    }
}

@Suite struct `Recent keys` {
    @Test func `are never more than their number, and those in use stay`() {
        var keys = RecentKeys<Int, Int>(countMax: 100)

        for key in 0..<10_000 {
            keys.with(key, initial: 0) { $0 += 1 }
            keys.with(-1, initial: 0) { $0 += 1 }
            #expect(keys.count <= 100)
        }

        #expect(keys.with(-1, initial: 0) { $0 } == 10_000)
        #expect(keys.with(0, initial: 0) { $0 } == 0)
    }

    @Test func `are dropped when nobody has asked for them for long`() {
        var keys = RecentKeys<Int, Int>(countMax: 100)
        keys.with(1, initial: 0) { $0 = 5 }

        keys.age(to: 1_000, after: 1_000)
        #expect(keys.count == 1)
        keys.age(to: 2_000, after: 1_000)

        #expect(keys.count == 0)
    }
}

/// Numbers that look like chance and are the same every time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
