/// Which jobs of which lanes may start, in order: the pure heart of a claim.
///
/// Start-time fair queuing in cost units (Goyal, Vin, Cheng, 1996): the lane with the least virtual time goes next, its
/// tag grows by cost over weight with each job taken. The longest prefix that the pool grants within the horizon is
/// taken; what it does not grant stays where it is.
struct TurnTaking {
    struct Taken: Sendable, Equatable {
        let job: JobID
        let lane: LaneID
        let cost: Double
        /// Milliseconds since 1970, exact; between now and now + horizon.
        let start: Double
    }
    enum Park: Equatable {
        /// The lane's own rate is spent until then.
        case rate(until: Double)
        /// As many run as may.
        case cap
    }

    private(set) var taken: [Taken] = []
    private(set) var takenHeads: [LaneHead] = []
    private(set) var parked: [LaneID: Park] = [:]
    /// Lanes that turned out to have nothing more.
    private(set) var exhausted: Set<LaneID> = []
    /// When the pool grants the next start, if that is what ended the prefix.
    private(set) var nextStart: Double?
    /// The pool itself ended the prefix: by its permits, or by its concurrency.
    private(set) var wasStopped = false
    private(set) var permits: Permits
    private(set) var rates: [LaneID: Permits.Dimension] = [:]

    private let now: Double
    private let horizon: Double
    private let limit: Int
    private var room: Int
    private var counts: [LaneID: Int] = [:]

    /// - Parameter room: what is left of the pool's concurrency.
    init(permits: Permits, now: Double, horizon: Double, limit: Int, room: Int) {
        self.permits = permits
        self.now = now
        self.horizon = horizon
        self.limit = limit
        self.room = room
    }

    /// - Parameter heads: the first ready jobs of each lane, in order; a lane with fewer than `fetched` has no more.
    /// - Parameter more: the next ones behind a head.
    mutating func run(
        lanes: [LaneState], heads: [LaneID: [LaneHead]], fetched: Int, more: (LaneHead) throws -> [LaneHead]
    ) rethrows {
        var waiting = lanes.map {
            Candidate(lane: $0, heads: heads[$0.id] ?? [], mayHaveMore: (heads[$0.id]?.count ?? 0) >= fetched)
        }
        for candidate in waiting { rates[candidate.lane.id] = candidate.lane.rate }
        while taken.count < limit, let index = waiting.indices.min(by: { waiting[$0].precedes(waiting[$1]) }) {
            var candidate = waiting[index]
            if candidate.heads.isEmpty, candidate.mayHaveMore, let last = candidate.last {
                candidate.heads = try more(last)[...]
                candidate.mayHaveMore = candidate.heads.count >= fetched
            }
            guard let head = candidate.heads.first else {
                exhausted.insert(candidate.lane.id)
                waiting.remove(at: index)
                continue
            }
            switch offer(head, of: candidate.lane) {
            case .take: candidate.took(head)
            case .park(let park):
                parked[candidate.lane.id] = park
                waiting.remove(at: index)
                continue
            case .stop:
                wasStopped = true
                return finish(waiting)
            }
            waiting[index] = candidate
        }
        finish(waiting)
    }

    private enum Answer { case take, park(Park), stop }

    private mutating func offer(_ head: LaneHead, of lane: LaneState) -> Answer {
        if let cap = lane.cap, lane.running + counts[lane.id, default: 0] >= cap { return .park(.cap) }
        guard room > 0 else { return .stop }
        let start = permits.start(costing: head.cost, at: now)
        guard start <= now + horizon else {
            nextStart = start
            return .stop
        }
        if var rate = rates[lane.id] {
            // A test against the pool's start, never a start of its own: or the pool's arrival time would be dragged
            // along.
            let due = rate.earliest(1)
            guard due <= start else { return .park(.rate(until: due)) }
            rate.take(1, at: start)
            rates[lane.id] = rate
        }
        permits.take(costing: head.cost, at: start)
        taken.append(Taken(job: head.id, lane: lane.id, cost: head.cost, start: start))
        takenHeads.append(head)
        counts[lane.id, default: 0] += 1
        room -= 1
        return .take
    }

    private mutating func finish(_ waiting: [Candidate]) {
        for candidate in waiting where candidate.heads.isEmpty && !candidate.mayHaveMore {
            exhausted.insert(candidate.lane.id)
        }
    }

    private struct Candidate {
        let lane: LaneState
        var heads: ArraySlice<LaneHead>
        var mayHaveMore: Bool
        var tag: Double
        var last: LaneHead?

        init(lane: LaneState, heads: [LaneHead], mayHaveMore: Bool) {
            self.lane = lane
            self.heads = heads[...]
            self.mayHaveMore = mayHaveMore
            tag = lane.turn
            last = heads.last
        }
        func precedes(_ other: Candidate) -> Bool { (tag, lane.id.rawValue) < (other.tag, other.lane.id.rawValue) }
        mutating func took(_ head: LaneHead) {
            heads = heads.dropFirst()
            tag += head.cost / lane.weight
            last = head
        }
    }
}
