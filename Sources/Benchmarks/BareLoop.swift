import Database

/// The ceiling: a table of jobs without tenants, steps, events, leases or fences, and a loop that takes a hundred and
/// marks them done. What any queue on this database, through this driver, could reach at most.
struct BareLoop: Sendable {
    static let batch = 100
    let database: any Database

    /// - Returns: jobs a second.
    func run(jobs: Int, workers: Int, _ surroundings: BenchSurroundings) async throws -> Double {
        try await setUp(jobs: jobs)
        let start = surroundings.nanoseconds()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try await drain() } }
            try await group.waitForAll()
        }
        let seconds = surroundings.seconds(since: start)
        try await database.transaction { try $0.script("drop table bare_jobs") }
        return Double(jobs) / seconds
    }

    private func setUp(jobs: Int) async throws {
        try await database.transaction { transaction in
            try transaction.script("drop table if exists bare_jobs")
            try transaction.script(
                """
                create table bare_jobs (
                    id bigint primary key, state smallint not null default 0, payload text not null)
                """)
            try transaction.script("create index bare_jobs_ready on bare_jobs (id) where state = 0")
        }
        for first in stride(from: 0, to: jobs, by: 1000) {
            try await database.transaction { transaction in
                let rows = (first..<min(jobs, first + 1000)).map { number -> [SQLValue] in
                    [number.sqlValue, #"{"t":0,"i":0,"k":"t0","w":0}"#.sqlValue]
                }
                try transaction.execute("insert into bare_jobs (id, payload) values \(values: rows)")
            }
        }
    }

    /// Two transactions a round, as every at-least-once queue needs: one takes, one finishes.
    private func drain() async throws {
        while true {
            let taken: [Int64] = try await database.transaction { transaction in
                try transaction.values(
                    """
                    update bare_jobs set state = 1
                     where id in (select id from bare_jobs where state = 0 order by id limit \(Self.batch)
                                  \(.lock(.updateSkipLocked)))
                    returning id
                    """)
            }
            if taken.isEmpty { return }
            try await database.transaction { transaction in
                try transaction.execute("update bare_jobs set state = 2 where id \(ids: taken)")
            }
        }
    }
}
