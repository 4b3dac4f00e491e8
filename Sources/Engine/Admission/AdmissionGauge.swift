import Synchronization

/// The queue's size as this process last read it, plus what it has let in since: so that a submission need not add up
/// ten thousand lanes.
final class AdmissionGauge: Sendable {
    /// A reading older than this many milliseconds is taken anew.
    static let lifeMilliseconds = 250.0
    private let reading = Mutex((size: 0, until: -1.0))

    /// Lets `count` jobs in on the strength of a fresh reading.
    /// - Returns: false when the reading is stale or leaves no room: then the tables decide.
    func admit(_ count: Int, limit: Int, at now: Double) -> Bool {
        reading.withLock { reading in
            guard now < reading.until, reading.size + count <= limit else { return false }
            reading.size += count
            return true
        }
    }

    func read(_ size: Int, at now: Double) {
        reading.withLock { $0 = (size, now + Self.lifeMilliseconds) }
    }
}
