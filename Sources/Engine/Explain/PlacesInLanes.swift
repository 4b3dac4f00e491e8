import Database

extension Engine {
    /// Of each lane at most this many jobs are looked at.
    private static let placesMax = 5000

    /// What stands before each of these ready jobs in its own lane: one walk a lane, however many of its jobs are asked
    /// for.
    func placesInLanes(of jobs: [StandingRow], in transaction: borrowing Transaction) throws -> [JobID: Arrival] {
        var places: [JobID: Arrival] = [:]
        for (lane, wanted) in Dictionary(grouping: jobs, by: \.row.lane) {
            guard let lane, let deepest = wanted.max(by: StandingRow.precedes) else { continue }
            try transaction.forEach(
                """
                select id, place, cost_before from (
                    select id, row_number() over (order by rank desc, priority, id) - 1 as place,
                           sum(cost) over (order by rank desc, priority, id) - cost as cost_before
                      from (select id, rank, priority, cost from jobs
                             where lane_id = \(lane) and state = 0
                               and (-rank, priority, id)
                                   <= (\(-deepest.rank), \(deepest.row.priority), \(deepest.row.id))
                             order by rank desc, priority, id limit \(Self.placesMax)) as head) as places
                 where id \(ids: wanted.map(\.row.id.rawValue))
                """
            ) { places[try $0[0]] = Arrival(count: try $0[1], cost: try $0[2]) }
        }
        return places
    }
}

extension StandingRow {
    /// The order in which a lane's jobs are taken.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        (-left.rank, left.row.priority, left.row.id.rawValue) < (-right.rank, right.row.priority, right.row.id.rawValue)
    }
}
