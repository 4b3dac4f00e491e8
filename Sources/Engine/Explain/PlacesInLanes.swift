import Database

extension Engine {
    /// Of each lane at most this many jobs are looked at.
    private static let placesMax = 5000

    /// What stands before each of these ready jobs in its own lane: one walk a lane, however many of its jobs are asked
    /// for. A job that lies deeper than a walk goes has no place.
    func placesInLanes(of jobs: [StandingRow], in transaction: borrowing Transaction) throws -> [JobID: Arrival] {
        let walks = Dictionary(grouping: jobs) { $0.row.lane }.compactMap { lane, wanted in
            lane.flatMap { LaneWalk($0, to: wanted) }
        }
        guard !walks.isEmpty else { return [:] }
        let statements: [SQL] =
            switch transaction.dialect {
            case .postgres:
                [
                    """
                    select id, place, cost_before from \(table: walks.map(\.row)) cross join lateral
                        \(Self.walk(along: "v.column1", upTo: "v.column2, v.column3, v.column4"))
                     where id \(ids: walks.flatMap(\.wanted))
                    """
                ]
            case .sqlite:  // It knows no lateral joins, and a statement costs it no journey.
                walks.map { walk in
                    """
                    select id, place, cost_before
                      from \(Self.walk(along: "\(walk.row[0])", upTo: "\(walk.row[1]), \(walk.row[2]), \(walk.row[3])"))
                     where id \(ids: walk.wanted)
                    """
                }
            }
        var places: [JobID: Arrival] = [:]
        for statement in statements {
            try transaction.forEach(statement) { places[try $0[0]] = Arrival(count: try $0[1], cost: try $0[2]) }
        }
        return places
    }

    /// The limit keeps PostgreSQL to the index as well: without it, and without statistics, it reads all jobs for each lane.
    private static func walk(along lane: SQL, upTo deepest: SQL) -> SQL {
        """
        (select id, row_number() over own - 1 as place, sum(cost) over own - cost as cost_before
           from (select id, rank, priority, cost from jobs
                  where lane_id = \(lane) and state = 0 and (-rank, priority, id) <= (\(deepest))
                  order by rank desc, priority, id limit \(placesMax)) as head
         window own as (order by rank desc, priority, id)) as places
        """
    }
}

/// The jobs of a lane that are asked for.
private struct LaneWalk {
    let wanted: [Int64]
    /// The lane, and the deepest of them in the order of ``StandingRow/precedes(_:_:)``: up to there it is walked.
    let row: [SQLValue]

    init?(_ lane: LaneID, to wanted: [StandingRow]) {
        guard let deepest = wanted.max(by: StandingRow.precedes) else { return nil }
        self.wanted = wanted.map(\.row.id.rawValue)
        row = .row(lane, -deepest.rank, deepest.row.priority, deepest.row.id)
    }
}

extension StandingRow {
    /// The order in which a lane's jobs are taken.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        (-left.rank, left.row.priority, left.row.id.rawValue) < (-right.rank, right.row.priority, right.row.id.rawValue)
    }
}
