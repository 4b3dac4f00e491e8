import Database
import Engine

/// What must hold after a ``CrashScenario``, whatever befell its processes.
struct CrashOracle<C: Connection> {
    let database: InlineHosted<C>
    let calls: [CrashCalls.Call]
    /// Processes that something has befallen, by number.
    let disturbed: Set<Int>

    func violations(jobs count: Int) throws -> [String] {
        try unfinished(count) + ledger(count) + repetitions() + books()
    }

    private func unfinished(_ count: Int) throws -> [String] {
        let states: [Int: Int] = try database.transactionNow(.read) { transaction in
            var states: [Int: Int] = [:]
            try transaction.forEach("select state, count(*) from jobs group by state") { states[try $0[0]] = try $0[1] }
            return states
        }
        let done = states[JobState.succeeded.rawValue] ?? 0
        return done == count ? [] : ["\(done) of \(count) jobs succeeded: \(states.sorted { $0.key < $1.key })"]
    }

    /// Each step once, in order, by whoever held the job then.
    private func ledger(_ count: Int) throws -> [String] {
        let entries = try database.transactionNow(.read) { transaction in
            var entries: [CrashEntry] = []
            try transaction.forEach("select job, step, held, newest from crash_ledger order by rowid") { row in
                entries.append(try CrashEntry(job: row[0], step: row[1], held: row[2], newest: row[3]))
            }
            return entries
        }
        var violations = entries.filter { $0.held != $0.newest }.map {
            "job \($0.job): \($0.step) was recorded with fence \($0.held), while \($0.newest) was the newest"
        }
        for (job, own) in Dictionary(grouping: entries, by: \.job).sorted(by: { $0.key < $1.key }) {
            let steps = own.map(\.step)
            let fences = own.map(\.held)
            let plan = CrashErrand.Step.allCases.map(\.rawValue).prefix(steps.count)
            if steps != Array(plan) { violations.append("job \(job) went through \(steps)") }
            if zip(fences, fences.dropFirst()).contains(where: { $0 >= $1 }) {
                violations.append("job \(job): fences \(fences)")
            }
        }
        return violations
    }

    /// A call costs money: of those whom nothing befell only one makes it. Whoever was stopped or cut off may have made it
    /// before, or come back and make it once more.
    private func repetitions() -> [String] {
        Dictionary(grouping: calls) { "\($0.job) \($0.step)" }.sorted { $0.key < $1.key }.compactMap { key, own in
            let healthy = own.filter { !disturbed.contains($0.by.id) }.map(\.by.name)
            return healthy.count > 1 ? "\(key) was called by \(healthy), although nothing befell them" : nil
        }
    }

    /// The lanes' and pools' counters, with what is still to be folded in, say what the jobs' rows say.
    private func books() throws -> [String] {
        try database.transactionNow(.read) { transaction in
            var faults: [String] = []
            try transaction.forEach(
                """
                select l.id,
                       l.backlog_count + coalesce((select sum(n) from lane_deltas d where d.lane_id = l.id), 0)
                       - (select count(*) from jobs j where j.lane_id = l.id and j.state = 0),
                       l.running + coalesce((select sum(running) from lane_deltas d where d.lane_id = l.id), 0)
                       - (select count(*) from jobs j where j.lane_id = l.id and j.state = 1)
                  from lanes l order by l.id
                """
            ) { row in
                let (backlog, running): (Int, Int) = (try row[1], try row[2])
                if backlog != 0 || running != 0 {
                    faults.append("lane \(try row[0] as Int64): backlog off by \(backlog), running by \(running)")
                }
            }
            try transaction.forEach(
                """
                select p.name, p.running + coalesce((select sum(running) from lane_deltas d where d.pool_id = p.id), 0)
                       - (select count(*) from jobs j join lanes l on l.id = j.lane_id
                           where j.state = 1 and l.pool_id = p.id)
                  from pools p where p.limited = 1
                """
            ) { row in
                let running: Int = try row[1]
                if running != 0 { faults.append("pool \(try row[0] as String): running off by \(running)") }
            }
            return faults
        }
    }
}

/// A row that a recorded step has left.
private struct CrashEntry: Sendable {
    let job: Int64
    let step: String
    let held: Int64
    let newest: Int64
}
