import AsyncHTTPClient
import NIOCore
import NIOPosix
import Synchronization

/// Clients that connect to one checked address each, whatever the name service says later.
///
/// A client costs a TLS context (some milliseconds), so idle ones are kept, at most ``idleMax``.
final class PinnedClients: Sendable {
    private struct Key: Hashable {
        let host: String
        let address: IPAddress
    }
    private struct Entry {
        let client: HTTPClient
        var users = 0
        var lastUse = 0
    }
    private struct State {
        var entries: [Key: Entry] = [:]
        var uses = 0
        var isClosed = false
    }

    static let idleMax = 32
    private let configuration: HTTPClient.Configuration
    private let state = Mutex(State())

    init(_ configuration: HTTPClient.Configuration) { self.configuration = configuration }

    var count: Int { state.withLock { $0.entries.count } }

    func withClient<Value: Sendable>(
        host: String, address: IPAddress, _ body: (HTTPClient) async throws -> Value
    ) async throws -> Value {
        let key = Key(host: host, address: address)
        guard let client = take(key) else { throw HTTPClientError.alreadyShutdown }
        do {
            let value = try await body(client)
            await retire(give(key))
            return value
        } catch {
            await retire(give(key))
            throw error
        }
    }

    func shutdown() async throws {
        let clients = state.withLock { state in
            state.isClosed = true
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        for client in clients { try await client.shutdown() }
    }

    private func take(_ key: Key) -> HTTPClient? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            var entry = state.entries[key] ?? Entry(client: makeClient(key))
            state.uses += 1
            entry.users += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            return entry.client
        }
    }

    /// Returns the client that has been idle longest when there are too many.
    private func give(_ key: Key) -> HTTPClient? {
        state.withLock { state in
            state.entries[key]?.users -= 1
            guard state.entries.count > Self.idleMax else { return nil }
            let idle = state.entries.filter { $0.value.users == 0 }
            guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return nil }
            return state.entries.removeValue(forKey: oldest.key)?.client
        }
    }

    private func retire(_ client: HTTPClient?) async {
        // It is idle, so closing it can only fail because it is closed.
        try? await client?.shutdown()
    }

    private func makeClient(_ key: Key) -> HTTPClient {
        var configuration = configuration
        configuration.dnsOverride = [key.host: "\(key.address)"]
        return HTTPClient(
            eventLoopGroupProvider: .shared(NIOSingletons.posixEventLoopGroup), configuration: configuration)
    }
}
