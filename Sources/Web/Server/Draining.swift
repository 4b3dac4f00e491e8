import Synchronization

/// Whether the server is leaving: set once, read by every request.
final class Draining: Sendable {
    private let started = Atomic(false)

    var isOn: Bool { started.load(ordering: .relaxed) }
    func begin() { started.store(true, ordering: .relaxed) }
}
