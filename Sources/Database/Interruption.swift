import Synchronization

/// A task's wish to stop, handed to the connection that works for it.
///
/// The connection asks between statements, and while it works it may leave a handler that stops a running statement.
public final class Interruption: Sendable {
    private let wish = Atomic(false)
    private let handler = Mutex<(@Sendable () -> Void)?>(nil)

    public init() {}

    public var isRequested: Bool { wish.load(ordering: .acquiring) }

    public func request() {
        wish.store(true, ordering: .releasing)
        // Called under the lock: once `stopListening` has returned, no handler is running or will run.
        handler.withLock {
            $0?()
            $0 = nil
        }
    }

    /// Has `stop` called at most once, from any thread; at once if the wish is there already. It must not block.
    public func listen(_ stop: @escaping @Sendable () -> Void) {
        handler.withLock {
            if isRequested { stop() } else { $0 = stop }
        }
    }

    public func stopListening() { handler.withLock { $0 = nil } }

    /// - Throws: `CancellationError` when the wish is there.
    public func check() throws { if isRequested { throw CancellationError() } }
}
