/// How many steps a worker performs at once, and which pools were turned away for want of a slot.
struct Slots: Sendable {
    private let limit: Int
    private var taken = 0
    private var hungry: Set<PoolID> = []

    init(limit: Int) {
        precondition(limit > 0, "a worker has at least one slot")
        self.limit = limit
    }

    var inUse: Int { taken }
    var isFull: Bool { taken >= limit }

    /// Takes up to `wanted` slots; none when all are in use, and then the pool is remembered.
    mutating func reserve(upTo wanted: Int, for pool: PoolID) -> Int {
        let granted = min(wanted, limit - taken)
        if granted == 0 { hungry.insert(pool) } else { hungry.remove(pool) }
        taken += granted
        return granted
    }

    /// Gives slots back.
    /// - Returns: the pools to wake, because they were turned away.
    mutating func release(_ count: Int) -> Set<PoolID> {
        precondition(taken >= count, "slots are given back once")
        taken -= count
        guard count > 0 else { return [] }
        defer { hungry = [] }
        return hungry
    }
}
