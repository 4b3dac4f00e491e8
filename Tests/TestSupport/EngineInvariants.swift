import Database
import Testing

extension EngineFixture {
    /// Checks what must hold between any two transactions: counters and deltas together are the truth, work is
    /// announced, nobody waits for what has come, and no lane falls behind its pool's turn by more than the credit.
    ///
    /// - Parameter afterRaces: claims and submissions met in a pool without limits. Its turn may have moved on between
    ///   a submission's reading it and its commit; such a lane has a little more credit, which is allowed.
    package func expectSoundBooks(afterRaces: Bool = false, _ location: SourceLocation = #_sourceLocation) async throws
    {
        let faults = try await database.read { transaction in
            var faults: [String] = []
            try transaction.forEach(Self.laneFaults) { row in
                faults.append("lane \(try row[0] as Int64): \(try Self.cells(of: row, from: 1))")
            }
            try transaction.forEach(Self.poolFaults) { row in
                faults.append("pool \(try row[0] as String): \(try Self.cells(of: row, from: 1))")
            }
            try transaction.forEach(Self.deafJobs) { row in
                faults.append("job \(try row[0] as Int64) waits for \(try row[1] as String), which has come")
            }
            guard !afterRaces else { return faults }
            try transaction.forEach(Self.lateLanes) { faults.append("lane \(try $0[0] as Int64) is behind the credit") }
            return faults
        }
        #expect(faults.isEmpty, sourceLocation: location)
    }

    private static func cells(of row: borrowing Row, from first: Int) throws -> String {
        var cells: [String] = []
        let names = row.columnNames
        for column in first..<names.count { cells.append("\(names[column]) \(try row[column] as Double)") }
        return cells.joined(separator: ", ")
    }

    private static let laneFaults: SQL = """
        select * from (
            select l.id,
                   cast(l.backlog_count + coalesce((select sum(n) from lane_deltas d where d.lane_id = l.id), 0)
                        as double precision) as backlog,
                   cast((select count(*) from jobs j where j.lane_id = l.id and j.state = 0) as double precision) as ready,
                   l.backlog_cost + coalesce((select sum(cost) from lane_deltas d where d.lane_id = l.id), 0.0)
                       as backlog_cost,
                   coalesce((select sum(cost) from jobs j where j.lane_id = l.id and j.state = 0), 0.0) as ready_cost,
                   cast(l.running + coalesce((select sum(running) from lane_deltas d where d.lane_id = l.id), 0)
                        as double precision) as running,
                   cast((select count(*) from jobs j where j.lane_id = l.id and j.state = 1) as double precision)
                       as performed,
                   cast(l.has_work as double precision) as has_work
              from lanes l) as books
         where backlog <> ready or abs(backlog_cost - ready_cost) > 0.001 or running <> performed
            or (ready > 0 and has_work = 0)
        """

    private static let poolFaults: SQL = """
        select * from (
            select p.name,
                   cast(p.running + coalesce((select sum(running) from lane_deltas d where d.pool_id = p.id), 0)
                        as double precision) as running,
                   cast((select count(*) from jobs j join lanes l on l.id = j.lane_id
                          where j.state = 1 and l.pool_id = p.id) as double precision) as performed
              from pools p where p.limited = 1) as books
         where running <> performed
        """

    private static let deafJobs: SQL = """
        select j.id, j.wait_for from jobs j join signals s on s.job_id = j.id and s.name = j.wait_for where j.state = 2
        """

    private static let lateLanes: SQL = """
        select l.id from lanes l join pools p on p.id = l.pool_id
         where l.has_work = 1 and l.held = 0 and l.parked = 0 and l.vt < p.vt - p.credit - 0.001 * (1 + abs(p.vt))
        """
}
