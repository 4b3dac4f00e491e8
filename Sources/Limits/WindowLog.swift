/// The permits that were given in the last window, each with its time. Pure: whose clock the times are of is its owner's
/// affair, and both the shared row and a replica's own memory are one.
///
/// What was given leaves exactly a window later. Times closer together than a 64th of the window are taken for the later
/// one, so that there are never more than 65, and a permit never leaves too early.
package struct WindowLog: Sendable, Equatable {
    private struct Given: Equatable, Sendable {
        var at: Int64
        var count: Int
    }
    private let window: Int64
    private var given: [Given] = []
    private(set) var count = 0

    /// - Parameter window: milliseconds.
    package init(window: Int64) { self.window = window }

    /// When the oldest permits leave; nil when there are none.
    var nextLeaveAt: Int64? { given.first.map { $0.at + window } }

    /// Lets go what was given a window ago or earlier.
    mutating func advance(to now: Int64) {
        let gone = given.prefix { $0.at <= now - window }
        count -= gone.reduce(0) { $0 + $1.count }
        given.removeFirst(gone.count)
    }

    /// - Parameter now: a time before the newest counts as that: clocks may be put back.
    mutating func add(_ added: Int, at now: Int64) {
        guard added > 0 else { return }
        count += added
        guard let last = given.last else { return given.append(Given(at: now, count: added)) }
        let at = max(now, last.at)
        if slot(at) == slot(last.at) {
            given[given.count - 1] = Given(at: at, count: last.count + added)
        } else {
            given.append(Given(at: at, count: added))
        }
    }

    private func slot(_ time: Int64) -> Int64 { time / max(1, window / 64) }

    /// Gives as many of the wanted permits as the limit has room for.
    mutating func grant(_ wanted: Int, limit: Int, at now: Int64) -> Grant {
        advance(to: now)
        let granted = max(0, min(wanted, limit - count))
        add(granted, at: now)
        return Grant(
            granted: granted, left: max(0, limit - count), freeInMilliseconds: max(1, (nextLeaveAt ?? now) - now))
    }
}

/// What a shared window has given.
struct Grant: Sendable, Equatable {
    let granted: Int
    /// What it could still give.
    let left: Int
    /// Until permits come back to it.
    let freeInMilliseconds: Int64
}

/// As text in a column: `1800000000000:5 1800000002500:5`.
extension WindowLog {
    package var text: String { given.map { "\($0.at):\($0.count)" }.joined(separator: " ") }

    /// What is no log reads as an empty one: the worst that follows is one window counted anew.
    package init(text: String, window: Int64) {
        self.init(window: window)
        for entry in text.split(separator: " ").suffix(65) {
            let parts = entry.split(separator: ":")
            guard parts.count == 2, let at = Int64(parts[0]), let added = Int(parts[1]) else { continue }
            add(added, at: at)
        }
    }
}
