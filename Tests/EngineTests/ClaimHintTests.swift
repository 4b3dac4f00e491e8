@testable import Engine
import Testing

@Suite struct `The mark where a scan begins` {
    /// Looks every ten milliseconds for so many, from 100,000 on; the order moves on by one with each. Calls `body` before
    /// each look with its number and the moment.
    private static func look(
        _ count: Int, _ mark: inout LowWaterMark<Int>, _ body: (Int, Double, LowWaterMark<Int>) -> Void = { _, _, _ in }
    ) {
        for step in 0..<count {
            let now = 100_000 + 10 * Double(step)
            body(step, now, mark)
            mark.looked(upTo: step, at: now)
        }
    }

    @Test func `lags behind by as long as a commit usually takes`() throws {
        var mark = LowWaterMark<Int>()
        var lags: [Int] = []
        Self.look(45, &mark) { step, now, mark in
            if step > 15, let floor = mark.floor(at: now) { lags.append(step - floor) }
        }

        // A hundred milliseconds, on a grain of thirty.
        #expect(lags.count > 20)
        #expect(lags.allSatisfy { (10...13).contains($0) })
    }

    @Test func `is nowhere until a value is old enough`() {
        var mark = LowWaterMark<Int>()
        #expect(mark.floor(at: 10_000) == nil)
        mark.looked(upTo: 5, at: 10_000)
        mark.looked(upTo: 6, at: 10_080)
        #expect(mark.floor(at: 10_080) == nil)
        #expect(mark.floor(at: 10_100) == 5)
        #expect(mark.floor(at: 10_180) == 6)
    }

    @Test func `reaches back further now and then, and to the beginning twice a minute`() {
        var mark = LowWaterMark<Int>()
        var begin: [Double] = []
        var (far, middle) = (0, 0)
        Self.look(9_001, &mark) { step, now, mark in
            guard step > 1_000 else { return }
            guard let floor = mark.floor(at: now) else { return begin.append(now - 100_000) }
            if step - floor >= 800 { far += 1 } else if step - floor >= 100 { middle += 1 }
        }

        #expect(begin == [30_000, 60_000, 90_000])
        // Every four seconds of eighty, but for those at the beginning; every half second, but for both.
        #expect((17...20).contains(far))
        #expect((135...160).contains(middle))
    }

    @Test func `sees a late commit at its next look of that reach`() {
        var mark = LowWaterMark<Int>()
        var seen: Int?
        Self.look(2_000, &mark) { step, now, mark in
            // What took its place at 1,000 commits 600 ms later.
            if step >= 1_060, seen == nil, mark.floor(at: now) ?? 0 <= 1_000 { seen = step }
        }
        #expect((1_060...1_112).contains(seen ?? 0))
    }

    @Test func `does not outlive a clock that was set back`() {
        var mark = LowWaterMark<Int>()
        Self.look(100, &mark)
        #expect(mark.floor(at: 50_000) == nil)
        mark.looked(upTo: 101, at: 50_000)
        #expect(mark.floor(at: 50_001) == nil)
        #expect(mark.floor(at: 50_100) == 101)
    }

    @Test func `can be forgotten, and lowered to what was left undone`() {
        var mark = LowWaterMark<Int>()
        Self.look(60, &mark)
        mark.lower(to: 7)
        #expect(mark.floor(at: 100_595) == 7)
        mark.forget()
        #expect(mark.floor(at: 100_595) == nil)
    }
}

@Suite struct `Hints of a claim` {
    private let pool = PoolID(rawValue: 7)

    @Test func `are each pool's own`() {
        let hints = ClaimHints()
        hints.lookedAtLanes(of: pool, turn: 5, at: 10_000)
        hints.lookedAtDeltas(of: pool, last: 50, left: nil, isComplete: true, at: 10_000)
        #expect(hints.turn(in: pool, at: 10_200) == 5)
        #expect(hints.delta(in: pool, at: 10_200) == 50)
        #expect(hints.turn(in: PoolID(rawValue: 8), at: 10_200) == -1e300)
        #expect(hints.delta(in: PoolID(rawValue: 8), at: 10_200) == 0)
    }

    @Test func `pass no delta whose lane somebody else held`() {
        let hints = ClaimHints()
        hints.lookedAtDeltas(of: pool, last: 50, left: nil, isComplete: true, at: 10_000)
        hints.lookedAtDeltas(of: pool, last: 70, left: 30, isComplete: true, at: 10_150)
        #expect(hints.delta(in: pool, at: 10_300) == 29)
    }

    @Test func `go on where a look from far back was cut short`() {
        let hints = ClaimHints()
        hints.lookedAtDeltas(of: pool, last: 5_000, left: nil, isComplete: true, at: 10_000)
        #expect(hints.delta(in: pool, at: 10_600) == 0, "it is time to look further back")
        hints.lookedAtDeltas(of: pool, last: 400, left: nil, isComplete: false, at: 10_600)
        #expect(hints.delta(in: pool, at: 10_610) == 0, "not all of it was seen")
        hints.lookedAtDeltas(of: pool, last: 5_100, left: nil, isComplete: false, at: 10_620)
        #expect(hints.delta(in: pool, at: 10_630) == 5_000)
    }

    @Test func `begin anew once a second where there is work and none was found`() {
        let hints = ClaimHints()
        hints.lookedAtLanes(of: pool, turn: 5, at: 10_000)
        hints.search(pool, at: 10_200)
        #expect(hints.turn(in: pool, at: 10_200) == -1e300)
        hints.lookedAtLanes(of: pool, turn: 6, at: 10_200)
        hints.search(pool, at: 10_400)
        #expect(hints.turn(in: pool, at: 10_400) == 6)
        hints.search(pool, at: 11_200)
        #expect(hints.turn(in: pool, at: 11_200) == -1e300)
    }
}
