import Synchronization

/// Lets two hash at a time, since each takes tens of megabytes, and a few wait; the rest is asked to come back.
final class HashingTurns: Sendable {
    static let runningMax = 2
    static let waitingMax = 64

    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    /// - Throws: `server.busy`.
    func taking<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        guard await enter() else {
            throw ArenaError(
                .serverBusy, "Many people are signing in at the moment.", hint: "Try again in a few seconds.",
                retryAfter: .seconds(5))
        }
        defer { leave() }
        return try await body()
    }

    private enum Entry { case now, later, never }

    private func enter() async -> Bool {
        let entry = state.withLock { state -> Entry in
            if state.running < Self.runningMax {
                state.running += 1
                return .now
            }
            return state.waiting.count < Self.waitingMax ? .later : .never
        }
        switch entry {
        case .now: return true
        case .never: return false
        case .later:
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state -> Bool in
                    // A turn may have come free since we looked.
                    guard state.running == Self.runningMax else {
                        state.running += 1
                        return true
                    }
                    state.waiting.append(continuation)
                    return false
                }
                if isFree { continuation.resume() }
            }
            return true
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
