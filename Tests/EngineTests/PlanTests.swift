import Database
@testable import Engine
import TestSupport
import Testing

/// What a claim and a submission read, asked of the statements that they really send.
@Suite struct `An index of the queue` {
    @Test(arguments: DatabaseFixture.all)
    func `is how a claim finds a lane's next jobs`(_ fixture: DatabaseFixture) async throws {
        let log = StatementLog()
        try await fixture.withEngine({ $0.database = log.observing($0.database) }) { bench, _ in
            try await bench.enqueue(500, for: bench.tenant())

            let sent = try await log.statements { _ = try await bench.claim(upTo: 10) }

            try await expect("idx_jobs_active_pick", for: sent, containing: "order by rank desc, priority, id", bench)
        }
    }

    @Test(arguments: DatabaseFixture.all)
    func `is how a submission finds the job that holds its key`(_ fixture: DatabaseFixture) async throws {
        let log = StatementLog()
        try await fixture.withEngine({ $0.database = log.observing($0.database) }) { bench, _ in
            let tenant = try await bench.tenant()
            try await bench.enqueue(500, for: tenant)
            let first = try await bench.enqueue(for: tenant, uniqueKey: "post:1")

            let sent = await log.statements {
                await #expect(throws: EngineError.duplicate(of: first)) {
                    try await bench.enqueue(for: tenant, uniqueKey: "post:1")
                }
            }

            try await expect("idx_jobs_dedupe_lookup", for: sent, containing: "unique_key = ", bench)
        }
    }

    private func expect(
        _ index: String, for sent: [SQL], containing part: String, _ bench: EngineFixture
    ) async throws {
        let dialect = bench.database.dialect
        let reading = sent.filter { sql in
            let text = sql.statement(for: dialect).text
            return text.hasPrefix("select") && text.contains(" from jobs ") && text.contains(part)
        }
        try #require(!reading.isEmpty, "nothing was read")
        for statement in reading {
            let plan = try await bench.database.plan(of: statement)
            #expect(plan.uses(index), "\(plan)")
        }
    }
}
