import Database
@testable import Engine
import TestSupport
import Testing

/// Eight claimers on one database, with everything that goes wrong in production at once. Bounded to half a minute.
@Suite(.serialized) struct `Under stress` {
    @Test(.timeLimit(.minutes(3)), arguments: DatabaseFixture.all)
    func `every job ends, every step is recorded once, every counter returns to zero and the quota holds`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await fixture.withRunningEngine({
            $0.pools = Storm.pools
            $0.workflows = [Storm.errand]
            $0.limits.queueSizeMax = .max / 2
            $0.limits.crashesMax = 1000
        }) { bench in
            let storm = try await Storm(bench)
            try await storm.submit()

            try await storm.rage(within: .seconds(30))

            try await storm.expectAllEnded()
            try await storm.expectNothingLeft()
            try await storm.expectQuotaHeld()
            let tally = storm.tally
            #expect(tally.zombies.count > 0 && tally.resent.count > 0 && tally.refused.count > 0)
            // Late is lost: what the zombies and refused calls spent stands in the books, once each.
            let late = try await bench.number(
                "select cast(count(*) as double precision) from late_costs where reason = 'lease_lost'")
            #expect(Int(late) == tally.lost.count)
        }
    }
}
