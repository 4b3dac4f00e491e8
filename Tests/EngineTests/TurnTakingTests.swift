@testable import Engine
import TestSupport
import Testing

/// The pure heart of a claim, without a database.
@Suite struct `Turn-taking` {
    /// A lane with jobs of one cost; ids are given out in order.
    struct Line {
        var lane: LaneState
        var jobs: [LaneHead]
    }

    static func line(
        _ id: Int64, jobs count: Int, cost: Double = 1, turn: Double = 0, weight: Double = 1, cap: Int? = nil,
        running: Int = 0, rate: Permits.Dimension? = nil, ranks: [Int] = [0], priorities: [Int] = [0]
    ) -> Line {
        let lane = LaneState(
            id: LaneID(rawValue: id), tenant: TenantID(rawValue: id), turn: turn, weight: weight, running: running,
            cap: cap,
            rate: rate)
        let jobs = (0..<count).map { index in
            LaneHead(
                id: JobID(rawValue: id * 1000 + Int64(index)), lane: lane.id, rank: ranks[index % ranks.count],
                cost: cost, priority: priorities[index % priorities.count])
        }
        return Line(lane: lane, jobs: jobs.sorted(by: LaneHead.precedes))
    }

    static func take(
        _ lines: [Line], limit: Int = 100, fetched: Int = 100, room: Int = .max, now: Double = 5000,
        permits: Permits = Permits(requests: nil, cost: nil, pauseUntil: 0)
    ) -> TurnTaking {
        var turns = TurnTaking(permits: permits, now: now, horizon: 1000, limit: limit, room: room)
        let all = Dictionary(uniqueKeysWithValues: lines.map { ($0.lane.id, $0.jobs) })
        turns.run(lanes: lines.map(\.lane), heads: all.mapValues { Array($0.prefix(fetched)) }, fetched: fetched) {
            last in
            guard let jobs = all[last.lane], let index = jobs.firstIndex(where: { $0.id == last.id }) else { return [] }
            return Array(jobs[(index + 1)...].prefix(fetched))
        }
        return turns
    }

    static func counts(_ turns: TurnTaking) -> [Int64: Int] {
        Dictionary(turns.taken.map { ($0.lane.rawValue, 1) }, uniquingKeysWith: +)
    }

    @Test func `serves tenants in proportion to their weights, in cost and not in count`() {
        let turns = Self.take(
            [
                Self.line(1, jobs: 500, cost: 1), Self.line(2, jobs: 500, cost: 5),
                Self.line(3, jobs: 500, cost: 1, weight: 3),
            ], limit: 300, fetched: 10)

        var cost: [Int64: Double] = [:]
        for taken in turns.taken { cost[taken.lane.rawValue, default: 0] += taken.cost }
        let shares = [cost[1, default: 0], cost[2, default: 0], cost[3, default: 0] / 3]
        #expect(Fairness.jain(shares) > 0.995)
    }

    @Test func `goes to the lane that is furthest behind`() {
        let turns = Self.take([Self.line(1, jobs: 9, turn: 10), Self.line(2, jobs: 9, turn: 4)], limit: 8)

        #expect(turns.taken.map(\.lane.rawValue) == [2, 2, 2, 2, 2, 2, 1, 2])
    }

    @Test func `takes later steps first, then interactive before bulk, then the older job`() {
        let line = Self.line(1, jobs: 8, ranks: [0, 2], priorities: [5, 5, 0, 0])

        let turns = Self.take([line])

        #expect(turns.taken.map { $0.job.rawValue - 1000 } == [3, 7, 1, 5, 2, 6, 0, 4])
    }

    @Test func `fetches more of a lane than it looked at first, as often as it must`() {
        let turns = Self.take([Self.line(1, jobs: 23), Self.line(2, jobs: 2)], limit: 100, fetched: 5)

        #expect(Self.counts(turns) == [1: 23, 2: 2])
        #expect(turns.exhausted.count == 2)
        #expect(turns.taken.map(\.job).count == Set(turns.taken.map(\.job)).count)
    }

    @Test func `calls a lane exhausted only when it knows`() {
        // Ten fetched and ten taken: there may be an eleventh.
        #expect(Self.take([Self.line(1, jobs: 10)], limit: 10, fetched: 10).exhausted.isEmpty)
        #expect(Self.take([Self.line(1, jobs: 10)], limit: 10, fetched: 11).exhausted.count == 1)
        #expect(Self.take([Self.line(1, jobs: 0)], limit: 10, fetched: 10).exhausted.count == 1)
        #expect(Self.take([Self.line(1, jobs: 9)], limit: 5, fetched: 10).exhausted.isEmpty)
    }

    @Test func `parks a lane at its cap and goes on with the others`() {
        let turns = Self.take([Self.line(1, jobs: 9, cap: 5, running: 3), Self.line(2, jobs: 9)])

        #expect(Self.counts(turns) == [1: 2, 2: 9])
        #expect(turns.parked == [LaneID(rawValue: 1): .cap])
    }

    @Test func `parks a lane whose own rate is spent, and never drags the pool along`() throws {
        let rate = Permits.Dimension(rate: 0.001, burst: 2, arrival: 0)
        let pool = Permits(requests: Permits.Dimension(rate: 0.02, burst: 1, arrival: 0), cost: nil, pauseUntil: 0)

        let turns = Self.take([Self.line(1, jobs: 9, rate: rate), Self.line(2, jobs: 90)], permits: pool)

        #expect(Self.counts(turns)[1] == 2)
        guard case .rate(let until)? = turns.parked[LaneID(rawValue: 1)] else {
            Issue.record("the lane is not parked by its rate")
            return
        }
        #expect(until == 6000)
        // The pool's starts follow its own rate, 50 ms apart, without a gap.
        let starts = turns.taken.map(\.start)
        #expect(starts.count == 21)
        for (earlier, later) in zip(starts, starts.dropFirst()) { #expect(abs(later - earlier - 50) < 0.001) }
    }

    @Test func `takes the longest prefix that starts within the horizon, and says when the next one may`() throws {
        let pool = Permits(requests: Permits.Dimension(rate: 0.01, burst: 1, arrival: 0), cost: nil, pauseUntil: 0)

        let turns = Self.take([Self.line(1, jobs: 50)], permits: pool)

        #expect(turns.taken.map(\.start) == (0...10).map { 5000 + Double($0) * 100 })
        #expect(turns.nextStart == 6100)
        #expect(turns.wasStopped)
    }

    @Test func `does not let a cheap step overtake a dear one that is next`() {
        var pool = Permits(requests: nil, cost: Permits.Dimension(rate: 1, burst: 100, arrival: 0), pauseUntil: 0)
        pool.take(costing: 100, at: 5000)

        let turns = Self.take([Self.line(1, jobs: 1, cost: 3000), Self.line(2, jobs: 9, turn: 1)], permits: pool)

        #expect(turns.taken.isEmpty)
        #expect(turns.nextStart == 8000)
    }

    @Test func `stops at the pool's concurrency`() {
        let turns = Self.take([Self.line(1, jobs: 9), Self.line(2, jobs: 9)], room: 3)

        #expect(turns.taken.count == 3)
        #expect(turns.nextStart == nil)
        #expect(turns.wasStopped)
    }

    @Test func `takes nothing without room`() {
        #expect(Self.take([Self.line(1, jobs: 9)], room: 0).taken.isEmpty)
    }
}
