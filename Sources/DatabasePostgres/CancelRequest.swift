import CLibPQ
import Dispatch

/// Asks the server, over a connection of its own, to stop what this connection is running.
///
/// Justified `@unchecked`: libpq documents its cancel object as safe for any thread, and the pointer never changes.
final class CancelRequest: @unchecked Sendable {
    private let request: OpaquePointer
    private let flying = DispatchGroup()

    /// A server that does not take a cancellation in this time has lost its connection.
    static let limit = DispatchTimeInterval.seconds(3)

    init(_ request: OpaquePointer) { self.request = request }

    deinit { PQfreeCancel(request) }

    /// Sends it from another thread, for it blocks; not while one is on its way.
    func send() {
        guard flying.wait(timeout: .now()) == .success else { return }
        DispatchQueue.global().async(group: flying) { [self] in
            var reason = [CChar](repeating: 0, count: 256)
            // Refused or not: the statement ends by itself at its time limit.
            _ = PQcancel(request, &reason, Int32(reason.count))
        }
    }

    /// Waits until none is on its way, so that none can hit the next statement.
    ///
    /// The server has been signalled when `PQcancel` returns, and ignores the signal once it waits for a command.
    /// - Returns: false when one is still on its way; the connection must not be used again.
    func settle() -> Bool { flying.wait(timeout: .now() + Self.limit) == .success }
}
