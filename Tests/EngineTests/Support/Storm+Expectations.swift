import Database
@testable import Engine
import TestSupport
import Testing

extension Storm {
    func expectAllEnded() async throws {
        let states = try await bench.database.read { transaction in
            var states: [Int: Int] = [:]
            try transaction.forEach("select state, cast(count(*) as bigint) from jobs group by state") {
                states[try $0[0]] = try $0[1]
            }
            return states
        }
        #expect(Set(states.keys).isSubset(of: [JobState.succeeded.rawValue, JobState.cancelled.rawValue]))
        #expect(states[JobState.succeeded.rawValue, default: 0] > Self.jobs / 2)
        // Each job that succeeded has its five steps, or the four of those that waited.
        let wrong = try await bench.number(
            """
            select cast(count(*) as double precision) from jobs j
             where j.state = 3 and (select count(*) from steps s where s.job_id = j.id) not in (4, 5)
            """)
        #expect(wrong == 0)
        let steps = try await bench.number("select cast(count(*) as double precision) from steps")
        #expect(Int(steps) == tally.recorded.count)
    }

    func expectNothingLeft() async throws {
        for _ in 0..<50 {
            for pool in Self.pools { #expect(try await bench.claim(pool.name).steps.isEmpty) }
            if try await bench.number("select cast(count(*) as double precision) from lane_deltas") == 0 { break }
            try await Task.sleep(for: .milliseconds(50))  // a pause holds a pool's claimers off
        }
        try await bench.expectSoundBooks(afterRaces: true)
        let rest = try await bench.number(
            """
            select cast((select count(*) from lane_deltas) as double precision)
                 + (select coalesce(sum(abs(running)) + sum(abs(backlog_count)), 0) from lanes)
                 + (select sum(abs(running)) from pools)
            """)
        #expect(rest == 0)
        #expect(try await bench.number("select coalesce(max(abs(backlog_cost)), 0) from lanes") < 1e-6)
    }

    /// In any window no more was started than rate × window and one burst, refused and lost attempts included.
    func expectQuotaHeld() async throws {
        let starts = try await bench.database.read { transaction in
            var starts: [Double] = []
            try transaction.forEach("select started_at from steps where step = 'first' order by started_at") {
                starts.append(Double(try $0[0] as Int64))
            }
            return starts
        }
        var excess = -Double.infinity
        for first in starts.indices {
            for last in first..<starts.count {
                let window = starts[last] - starts[first] + 1
                excess = max(excess, Double(last - first + 1) - Self.rate / 1000 * window - 20)
            }
        }
        #expect(excess <= 0)
    }
}
