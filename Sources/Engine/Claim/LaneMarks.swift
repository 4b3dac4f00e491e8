import Synchronization

/// How far this process has come in the lanes that it takes much from: a low-water mark for each rank and priority.
///
/// What was taken leaves dead entries at the head of a lane's index, and a long transaction elsewhere keeps them there:
/// 118,000 of them cost a claim 3,470 blocks and 10 ms. A claim that knows the last job it took begins behind it. Only
/// ever hints: jobs that lie before a mark (put back, woken, committed late) are seen once it is forgotten, after a
/// second, and a lane is never taken for empty by them.
final class LaneMarks: Sendable {
    static let lifeMilliseconds = 1000.0
    /// Taken from a lane by this process before marks are worth their longer statement.
    static let takenMin = 500
    /// Marks of one lane: the statement grows with them.
    static let groupsMax = 3
    /// Beyond this the memory starts anew.
    static let lanesMax = 20_000

    /// The jobs of a lane that are told apart only by their age.
    struct Group: Hashable, Sendable {
        let rank: Int
        let priority: Int

        /// The order in which a lane's jobs are taken.
        static func precedes(_ left: Self, _ right: Self) -> Bool {
            (-left.rank, left.priority) < (-right.rank, right.priority)
        }
    }
    struct Mark: Sendable, Equatable {
        let group: Group
        /// All that are older were taken.
        let last: JobID
    }
    private struct Lane {
        var taken = 0
        var marks: [Group: JobID] = [:]
        var until = 0.0
    }
    private let lanes = Mutex<[LaneID: Lane]>([:])

    /// In the lane's order; nothing for a lane that is read from its head.
    func marks(of lane: LaneID, at now: Double) -> [Mark] {
        lanes.withLock { lanes in
            guard let known = lanes[lane], known.taken >= Self.takenMin, now < known.until,
                known.until - now <= Self.lifeMilliseconds, known.marks.count <= Self.groupsMax
            else { return [] }
            return known.marks.map { Mark(group: $0.key, last: $0.value) }
                .sorted { Group.precedes($0.group, $1.group) }
        }
    }

    /// - Parameter heads: what was taken, in any order.
    func note(_ heads: [LaneHead], at now: Double) {
        guard !heads.isEmpty else { return }
        lanes.withLock { lanes in
            if lanes.count >= Self.lanesMax { lanes.removeAll(keepingCapacity: true) }
            for head in heads {
                var lane = lanes[head.lane] ?? Lane()
                if now >= lane.until || lane.until - now > Self.lifeMilliseconds {
                    lane.marks = [:]
                    lane.until = now + Self.lifeMilliseconds
                }
                let group = Group(rank: head.rank, priority: head.priority)
                lane.marks[group] = max(lane.marks[group] ?? head.id, head.id)
                lane.taken += 1
                lanes[head.lane] = lane
            }
        }
    }
}
