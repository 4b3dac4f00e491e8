/// Where the next look at something ordered may begin, so that it need not pass all that was there once: what is dead stays
/// in an index for as long as a long transaction elsewhere keeps it.
///
/// Whoever writes takes their place in the order first and commits later. So a look begins where the order stood a moment
/// ago, now and then further back, and seldom at the very beginning: the later a commit, the later it is seen.
struct LowWaterMark<Value: Comparable & Sendable>: Sendable {
    /// How far back a look begins, and how often; in milliseconds. The first is for every look, the last has no mark.
    static var reaches: [(lag: Double, every: Double)] {
        [(100, 0), (1_000, 500), (8_000, 4_000), (.infinity, 30_000)]
    }
    /// Values are remembered at this distance, in milliseconds; what lies between adds nothing.
    private static var grain: Double { 25 }
    /// More than are ever of use.
    private static var samplesMax: Int { 512 }

    /// The oldest first.
    private var samples: [(value: Value, at: Double)] = []
    /// From when on a look of each reach is due.
    private var dues = reaches.map { _ in -Double.infinity }

    /// Where to begin; nil for the very beginning.
    func floor(at now: Double) -> Value? {
        let reach = Self.reaches.indices.last { isDue($0, at: now) } ?? 0
        return value(ago: Self.reaches[reach].lag, at: now)
    }

    /// The same for a look of the shortest reach.
    func nearFloor(at now: Double) -> Value? { value(ago: Self.reaches[0].lag, at: now) }

    /// A look from ``floor(at:)`` has seen all there was.
    /// - Parameter value: how far the order has come; nil when it has not moved.
    mutating func looked(upTo value: Value?, at now: Double) {
        for reach in Self.reaches.indices.dropFirst() where isDue(reach, at: now) {
            dues[reach] = now + Self.reaches[reach].every
        }
        guard let value, samples.last.map({ now - $0.at >= Self.grain || now < $0.at }) ?? true else { return }
        samples.append((value, now))
        let longest = Self.reaches.map(\.lag).last { $0.isFinite } ?? 0
        if let old = samples.lastIndex(where: { now - $0.at >= longest }) { samples.removeFirst(old) }
        if samples.count > Self.samplesMax { samples.removeFirst() }
    }

    /// Something lies further back that could not be dealt with.
    mutating func lower(to value: Value) {
        for index in samples.indices { samples[index].value = min(samples[index].value, value) }
    }

    /// The next look begins at the very beginning.
    mutating func forget() { dues = dues.map { _ in -.infinity } }

    /// A time that lies further ahead than it was ever set was set by a clock that has been set back.
    private func isDue(_ reach: Int, at now: Double) -> Bool {
        now >= dues[reach] || dues[reach] - now > Self.reaches[reach].every
    }

    private func value(ago lag: Double, at now: Double) -> Value? { samples.last { now - $0.at >= lag }?.value }
}
