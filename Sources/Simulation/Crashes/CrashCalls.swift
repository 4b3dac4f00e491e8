import Engine
import Synchronization

/// Every call that the crash scenario's workers have made, whether or not they lived to see its answer.
final class CrashCalls: Sendable {
    struct Call: Sendable {
        let job: JobID
        let step: String
        let by: SimulatedProcess
    }
    private let calls = Mutex<[Call]>([])

    func note(_ call: Call) { calls.withLock { $0.append(call) } }
    var all: [Call] { calls.withLock { $0 } }
}
