/// Decides who gets which connection. Pure: it neither opens nor waits.
struct PoolState<Member: Sendable, Waiter: Sendable>: Sendable {
    enum Lease { case use(Member), open, wait(id: Int), refuse, closed }
    enum Return { case handOver(Waiter, Member), keep, close(Member) }

    private struct Idle {
        let member: Member
        /// Whether a whole interval between two trims has passed without use.
        var untouched = false
    }

    let limits: PoolLimits
    private var idle: [Idle] = []
    private var open = 0
    private var waiting: [(id: Int, waiter: Waiter)] = []
    private var nextID = 0
    private var closed = false

    init(limits: PoolLimits) { self.limits = limits }

    var statistics: PoolStatistics {
        PoolStatistics(open: open, idle: idle.count, waiting: waiting.count, max: limits.connectionsMax)
    }

    /// The connection used last comes first, so that the others can grow old and be closed.
    mutating func lease() -> Lease {
        if closed { return .closed }
        if let last = idle.popLast() { return .use(last.member) }
        if open < limits.connectionsMax {
            open += 1
            return .open
        }
        if waiting.count >= limits.waitingMax { return .refuse }
        nextID += 1
        return .wait(id: nextID)
    }

    /// Queues up, first come first served, unless a connection came free since ``lease()``.
    mutating func queue(_ waiter: Waiter, id: Int) -> Lease {
        switch lease() {
        case .wait: waiting.append((id, waiter))
        case let other: return other
        }
        return .wait(id: id)
    }

    mutating func leave(id: Int) -> Waiter? {
        waiting.firstIndex { $0.id == id }.map { waiting.remove(at: $0).waiter }
    }

    mutating func giveBack(_ member: Member) -> Return {
        if closed {
            open -= 1
            return .close(member)
        }
        if !waiting.isEmpty { return .handOver(waiting.removeFirst().waiter, member) }
        idle.append(Idle(member: member))
        return .keep
    }

    /// Takes out what was idle since the trim before this one, down to the minimum.
    mutating func trim() -> [Member] {
        var surplus: [Member] = []
        while open > limits.connectionsMin, let oldest = idle.first, oldest.untouched {
            surplus.append(idle.removeFirst().member)
            open -= 1
        }
        for index in idle.indices { idle[index].untouched = true }
        return surplus
    }

    /// Lets nobody in any more; what is in use is closed when it comes back.
    mutating func close() -> (members: [Member], waiters: [Waiter]) {
        closed = true
        defer {
            open -= idle.count
            idle = []
            waiting = []
        }
        return (idle.map(\.member), waiting.map(\.waiter))
    }
}
