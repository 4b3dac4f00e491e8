import Synchronization

/// One request that waits for its decision. The first decision counts.
final class LimitWait: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<LimitDecision, Never>)
        case settled(LimitDecision)
    }
    private let state = Mutex(State.open)

    func settle(_ decision: LimitDecision) {
        let waiting: CheckedContinuation<LimitDecision, Never>? = state.withLock { state in
            switch state {
            case .settled: return nil
            case .open:
                state = .settled(decision)
                return nil
            case .waiting(let continuation):
                state = .settled(decision)
                return continuation
            }
        }
        waiting?.resume(returning: decision)
    }

    /// Waits for it. One reader.
    var decision: LimitDecision {
        get async {
            await withCheckedContinuation { continuation in
                let decision: LimitDecision? = state.withLock { state in
                    if case .settled(let decision) = state { return decision }
                    state = .waiting(continuation)
                    return nil
                }
                if let decision { continuation.resume(returning: decision) }
            }
        }
    }
}
