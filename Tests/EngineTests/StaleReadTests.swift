import Database
import Dispatch
@testable import Engine
import TestSupport
import Testing

/// PostgreSQL's key-share lock has a trap: having waited for a claimer, the locking read may return what was before.
@Suite struct `A submission that waited for a claim` {
    @Test func `sees that the claim has emptied the lane`() async throws {
        try await DatabaseFixture.postgres.withEngine { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(for: tenant)
            _ = try await bench.claim(upTo: 1)  // one asked for and one taken: the lane still counts as busy
            let (earlier, claimer) = (Step(), Step())

            try await withThrowingTaskGroup(of: Void.self) { group in
                // An earlier submission holds its lock when the claimer takes its own, and is gone soon after.
                group.addTask {
                    try await bench.database.transaction { transaction in
                        try transaction.execute("select id from lanes for key share")
                        earlier.announceAndWait()
                    }
                }
                try await earlier.awaitAnnouncement()
                group.addTask {
                    try await bench.database.transaction { transaction in
                        try transaction.execute("select id from lanes for no key update skip locked")
                        claimer.announceAndWait()
                        try transaction.execute("update lanes set vt = vt + 1")
                        let own = try transaction.values("select id from lanes for update skip locked", as: LaneID.self)
                        #expect(own.count == 1)
                        try transaction.execute("update lanes set has_work = 0")
                        claimer.announceAndWait()
                    }
                }
                try await claimer.awaitAnnouncement()
                earlier.goOn()
                try await eventually {
                    try await bench.number(
                        """
                        select cast(count(*) as double precision) from pg_stat_activity
                         where state = 'idle in transaction' and query like '%for key share' and query not like '%pg_stat%'
                        """) == 0
                }
                claimer.goOn()
                try await claimer.awaitAnnouncement()
                group.addTask { try await bench.enqueue(for: tenant) }
                try await eventually {
                    try await bench.number(
                        """
                        select cast(count(*) as double precision) from pg_stat_activity
                         where wait_event_type = 'Lock' and query like '%key share%' and query not like '%pg_stat%'
                        """) > 0
                }
                claimer.goOn()
                try await group.waitForAll()
            }

            #expect(try await bench.claim().steps.count == 1)
        }
    }

    /// Lets a transaction's body stop at a place, on the thread that hosts its connection.
    private final class Step: Sendable {
        private let arrivals = Tally()
        private let seen = Tally()
        private let allowed = DispatchSemaphore(value: 0)
        func announceAndWait() {
            arrivals.add()
            allowed.wait()
        }
        func awaitAnnouncement() async throws {
            try await eventually { self.arrivals.count > self.seen.count }
            seen.add()
        }
        func goOn() { allowed.signal() }
    }
}
