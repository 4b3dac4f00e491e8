@testable import Engine
import Testing

@Suite struct `The mark where a scan of lanes begins` {
    private let pool = PoolID(rawValue: 7)
    private static let nowhere = -1e300

    @Test func `lags behind the pool's turn by as long as a submission may take to commit`() {
        let hints = ClaimHints()
        for step in 0...40 { hints.setTurn(Double(step), in: pool, at: 10_000 + 10 * Double(step)) }

        let turn = hints.turn(in: pool, at: 10_400)
        // The turn of 250 ms ago, on a grain of 25 ms.
        #expect((12...15).contains(turn))
        #expect(hints.turn(in: PoolID(rawValue: 8), at: 10_400) == Self.nowhere)
    }

    @Test func `is nowhere until a turn is old enough`() {
        let hints = ClaimHints()
        #expect(hints.turn(in: pool, at: 10_000) == Self.nowhere)
        hints.setTurn(5, in: pool, at: 10_000)
        hints.setTurn(6, in: pool, at: 10_200)
        #expect(hints.turn(in: pool, at: 10_200) == Self.nowhere)
        hints.setTurn(7, in: pool, at: 10_250)
        #expect(hints.turn(in: pool, at: 10_250) == 5)
    }

    @Test func `is forgotten after four seconds, however busy the pool is`() {
        let hints = ClaimHints()
        var forgotten: [Double] = []
        for step in 0...1_000 {
            let now = 10_000 + 10 * Double(step)
            if step > 30, hints.turn(in: pool, at: now) == Self.nowhere { forgotten.append(now) }
            hints.setTurn(Double(step), in: pool, at: now)
        }
        #expect(forgotten == [14_000, 18_000], "and once each time, for the turns of the last moment are known")
    }

    @Test func `does not outlive a clock that was set back`() {
        let hints = ClaimHints()
        for step in 0...100 { hints.setTurn(Double(step), in: pool, at: 1_000_000 + 10 * Double(step)) }
        #expect(hints.turn(in: pool, at: 500_000) == Self.nowhere)
        hints.setTurn(101, in: pool, at: 500_000)
        #expect(hints.turn(in: pool, at: 500_001) == Self.nowhere)
    }
}
