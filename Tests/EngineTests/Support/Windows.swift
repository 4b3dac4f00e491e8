@testable import Engine

/// What was granted, to be held against the bounds of the proof (a sliding window over starts).
struct Windows {
    struct Grant {
        var start: Double
        var charged: Double
        var actual: Double
        /// When the pool learned what it really cost; infinite while it has not.
        var settled = Double.infinity
        var isRefused = false
    }
    var grants: [Grant] = []

    /// The most that any window holds beyond rate · length + max(burst, largest), all in cost.
    ///
    /// - Parameter allowsErrors: what calls cost more or less than they were charged may come on top, as far as they
    ///   were in flight within the window: nobody can have known.
    func excess(rate: Double, burst: Double, allowsErrors: Bool) -> Double {
        let sorted = grants.sorted { $0.start < $1.start }
        let counted = sorted.filter { !$0.isRefused }
        let largest = counted.map { max($0.charged, allowsErrors ? $0.actual : 0) }.max() ?? 0
        var excess = -Double.infinity
        for first in counted.indices {
            var sum = 0.0
            for last in first..<min(counted.count, first + 150) {
                sum += allowsErrors ? counted[last].actual : counted[last].charged
                let (begin, end) = (counted[first].start, counted[last].start)
                let error = allowsErrors ? Self.error(of: sorted, from: begin, to: end) : 0
                excess = max(excess, sum - rate * (end - begin) - max(burst, largest) - error)
            }
        }
        return excess
    }

    /// The same for requests.
    func excessOfRequests(rate: Double, burst: Double) -> Double {
        let counted = grants.filter { !$0.isRefused }
        let ones = counted.map { Grant(start: $0.start, charged: 1, actual: 1) }
        return Windows(grants: ones).excess(rate: rate, burst: burst, allowsErrors: false)
    }

    private static func error(of grants: [Grant], from begin: Double, to end: Double) -> Double {
        grants.reduce(0) { sum, grant in
            // What starts first in the window may have been granted a second before.
            guard grant.settled >= begin - 1000, min(grant.start, grant.settled) <= end else { return sum }
            return sum + abs((grant.isRefused ? 0 : grant.actual) - grant.charged)
        }
    }
}
