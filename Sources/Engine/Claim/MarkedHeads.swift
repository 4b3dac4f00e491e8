import Database

/// The heads of a lane from which this process has taken much, read from behind what it took.
extension Engine {
    /// - Returns: nil when the marks hide so much that fewer than `limit` were found: then the lane is to be read from
    ///   its head.
    func headsBehindMarks(
        of lane: LaneID, limit: Int, at now: Double, in transaction: borrowing Transaction
    ) throws -> [LaneHead]? {
        let marks = laneMarks.marks(of: lane, at: now)
        guard !marks.isEmpty else { return nil }
        let found = try heads(of: lane, where: Self.stretches(behind: marks), limit: limit, in: transaction)
        return found.count >= limit ? found : nil
    }

    /// The jobs behind a head, each stretch a walk of the index from its own beginning: a condition on (rank, priority,
    /// id) as a row would be checked on every entry from the lane's head.
    func heads(
        of lane: LaneID, where stretches: [SQL], limit: Int, in transaction: borrowing Transaction
    ) throws -> [LaneHead] {
        let parts = stretches.map { stretch -> SQL in
            """
            select * from (select \(LaneHead.columns) from jobs where lane_id = \(lane) and state = 0 and \(stretch)
                            order by rank desc, priority, id limit \(limit)) as heads
            """
        }
        let heads: [LaneHead] = try transaction.all(parts.joined(separator: " union all "))
        return Array(heads.sorted(by: LaneHead.precedes).prefix(limit))
    }

    /// A lane but for what the marks pass over.
    static func stretches(behind marks: [LaneMarks.Mark]) -> [SQL] {
        var stretches: [SQL] = []
        var before: LaneMarks.Group?
        for mark in marks {
            let (rank, priority) = (mark.group.rank, mark.group.priority)
            if let before, before.rank == rank {
                stretches.append("rank = \(rank) and priority > \(before.priority) and priority < \(priority)")
            } else {
                if let before {
                    stretches.append("rank = \(before.rank) and priority > \(before.priority)")
                    stretches.append("rank < \(before.rank) and rank > \(rank)")
                } else {
                    stretches.append("rank > \(rank)")
                }
                stretches.append("rank = \(rank) and priority < \(priority)")
            }
            stretches.append("rank = \(rank) and priority = \(priority) and id > \(mark.last)")
            before = mark.group
        }
        return stretches + (before.map(rest) ?? [])
    }

    /// What comes after all of a group.
    private static func rest(after group: LaneMarks.Group) -> [SQL] {
        ["rank = \(group.rank) and priority > \(group.priority)", "rank < \(group.rank)"]
    }

    /// What comes after a head.
    static func stretches(behind head: LaneHead) -> [SQL] {
        let group = LaneMarks.Group(rank: head.rank, priority: head.priority)
        return ["rank = \(head.rank) and priority = \(head.priority) and id > \(head.id)"] + rest(after: group)
    }
}
