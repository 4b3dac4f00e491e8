/// Wake-ups that wait to be sent: each once, in order, and boundedly many.
struct Outbox: Sendable {
    struct Wakeup: Hashable, Sendable { let channel: String, payload: String }

    private(set) var pending: [Wakeup] = []
    private var known: Set<Wakeup> = []

    /// More than this in one interval become "look everywhere" on their channel.
    static let pendingMax = 1000

    var isEmpty: Bool { pending.isEmpty }

    mutating func add(_ channel: String, _ payload: String) {
        let crowded = pending.count >= Self.pendingMax
        let wakeup = Wakeup(channel: channel, payload: crowded ? "" : payload)
        if known.insert(wakeup).inserted { pending.append(wakeup) }
    }

    mutating func takeAll() -> [Wakeup] {
        defer { self = Outbox() }
        return pending
    }
}
