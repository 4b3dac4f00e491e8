import Synchronization

/// A value that is not there yet, and those who wait for it: where the server listens, once it does.
final class BoundAddress: Sendable {
    private struct State {
        var result: Result<SandboxAddress, SandboxError>?
        var waiting: [CheckedContinuation<SandboxAddress, any Error>] = []
    }
    private let state = Mutex(State())

    /// Tells everyone who waits, and everyone who asks later. The latest result counts.
    func settle(_ result: Result<SandboxAddress, SandboxError>) {
        let waiting = state.withLock { state in
            state.result = result
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(with: result.mapError { $0 as any Error }) }
    }

    var current: SandboxAddress? { state.withLock { try? $0.result?.get() } }  // A failure is as good as no address.

    func wait() async throws -> SandboxAddress {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(with: result.mapError { $0 as any Error }) }
        }
    }
}

/// Where a sandbox listens.
package struct SandboxAddress: Sendable, Equatable, CustomStringConvertible {
    package let host: String
    package let port: Int

    /// `http://127.0.0.1:8089`, without a slash at the end.
    package var url: String { host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)" }
    /// Base URL for clients of the language model, and of the image provider.
    package var apiURL: String { url + "/v1" }
    package var description: String { url }
}
