import Synchronization

extension ThrowingTaskGroup where Failure == any Error {
    /// Starts a child on the current thread, where the system can, until it first has to wait.
    mutating func addTaskAtOnce(_ operation: sending @escaping @isolated(any) () async throws -> ChildTaskResult) {
        if #available(macOS 26, *) {
            addImmediateTask(operation: operation)
        } else {
            addTask(operation: operation)
        }
    }
}

/// Set once, by whoever is first.
final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
