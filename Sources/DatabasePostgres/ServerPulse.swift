import Database
import Foundation
import Synchronization

/// Whether a server still says anything to the connections of one program.
///
/// A statement may be slow, or wait for a lock, without a byte coming back. Only a server that says nothing to anybody and
/// does not answer a new connection either is taken for gone, as when it is frozen or cut off: then everybody who waits
/// is let go, and newcomers are refused at once, until it answers again.
final class ServerPulse: Sendable {
    private struct State {
        var heardAt = ContinuousClock.now
        var isProbing = false
        var isSilent = false
    }

    private let state = Mutex(State())
    /// Half for the connections that there are, half for a new one.
    private let patience: Duration
    private let answersNewcomer: @Sendable (Duration) -> Bool

    /// - Parameters:
    ///   - limit: how long a server may say nothing.
    ///   - answersNewcomer: tries a new connection for so long; false when not a byte came back.
    init(limit: Duration, answersNewcomer: @escaping @Sendable (Duration) -> Bool) {
        patience = limit / 2
        self.answersNewcomer = answersNewcomer
    }

    static let silence = DatabaseError(.unavailable, "the database server does not answer", sqlState: "08001")

    var isSilent: Bool { state.withLock { $0.isSilent } }

    /// Somebody was answered.
    func note() {
        state.withLock { state in
            state.heardAt = .now
            state.isSilent = false
        }
    }

    /// Asked now and then by whoever waits. One of them tries a new connection meanwhile, and is kept by that for a moment.
    func isSilent(since began: ContinuousClock.Instant) -> Bool {
        let asked = ContinuousClock.now
        let known = state.withLock { state -> Bool? in
            if state.isSilent { return true }
            if state.isProbing || asked - max(state.heardAt, began) < patience { return false }
            state.isProbing = true
            return nil
        }
        return known ?? probe(asked)
    }

    private func probe(_ asked: ContinuousClock.Instant) -> Bool {
        let isAnswered = answersNewcomer(patience)
        let isSilent = state.withLock { state in
            state.isProbing = false
            if isAnswered { state.heardAt = .now }
            state.isSilent = state.heardAt < asked
            return state.isSilent
        }
        if isSilent { watch() }
        return isSilent
    }

    /// Tries until the server answers, on a thread of its own; nobody else has to wait to find out.
    private func watch() {
        let thread = Thread { [weak self] in
            while let pulse = self, pulse.isSilent {
                if pulse.answersNewcomer(pulse.patience) { pulse.note() }
            }
        }
        thread.name = "postgres-pulse"
        thread.stackSize = 1 << 20
        thread.start()
    }
}
