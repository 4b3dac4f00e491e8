/// Best-effort wake-ups between whoever adds work and whoever waits for it.
///
/// They carry no truth: one may be lost or come twice, so a listener looks into the database and keeps polling slowly.
/// They are sent outside business transactions, after the commit.
public protocol Notifications: Sendable {
    /// Wakes the channel's subscribers everywhere. Equal posts within a few milliseconds become one.
    ///
    /// - Parameters:
    ///   - channel: at most 63 bytes.
    ///   - payload: at most 7,999 bytes.
    func post(_ channel: String, _ payload: String) async

    /// Whether ``Transaction/wakeAfterCommit(_:)`` reaches the same subscribers.
    var travelWithCommits: Bool { get }

    /// The payloads posted on a channel from now on; only the newest are kept for a slow reader.
    ///
    /// An empty payload means: something may have been missed, look everywhere.
    func subscribe(_ channel: String) -> AsyncStream<String>

    /// Keeps the wake-ups flowing until the task is cancelled.
    func run() async throws
}

extension Notifications {
    public var travelWithCommits: Bool { false }
}
