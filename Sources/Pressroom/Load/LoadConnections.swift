import Foundation
import HTTPTypes
import Logging
import Outbound
import Synchronization

/// A caller's connections to one server.
///
/// They stand in several pools: what one does for a connection takes longer the more it has, and with thousands in one the
/// caller would be what is measured.
final class LoadConnections: Sendable {
    /// Longer than the server's own limit, so that its answer is what counts.
    private static let patience = Duration.seconds(30)
    private static let poolSize = 64

    private let base: OutboundURL
    private let pools: [HTTPTransport]
    private let turn = Atomic(0)

    /// - Parameter connections: calls at once, at most.
    init(to address: String, connections: Int, logger: Logger) throws {
        let base = try OutboundURL(address)
        var settings = HTTPTransport.Settings()
        settings.connectionsPerHost = min(connections, Self.poolSize)
        settings.connectTimeout = Self.patience
        let count = max(1, (connections + Self.poolSize - 1) / Self.poolSize)
        self.base = base
        pools = (0..<count).map { _ in
            HTTPTransport(to: DestinationGuard(trusting: [base]), settings: settings, logger: logger)
        }
    }

    /// - Throws: ``OutboundError`` when there is no answer; whatever is answered is returned.
    func send(
        _ method: HTTPRequest.Method, _ path: String, query: String? = nil, headers: HTTPFields = [:],
        token: Secret? = nil, body: [UInt8] = []
    ) async throws -> OutboundResponse {
        // Each pool in turn.
        let pool = pools[turn.add(1, ordering: .relaxed).oldValue % pools.count]
        let request = OutboundRequest(
            method, base.appending(path, query: query), headers: headers,
            authorization: token.map { .bearer($0) }, body: body)
        return try await pool.send(request, deadline: Self.patience)
    }

    func close() async {
        for pool in pools { try? await pool.shutdown() }  // What is left open ends with the process.
    }
}

extension OutboundResponse {
    /// - Throws: ``CommandError`` `load.answer` for another status than the one a client can go on with.
    func value<Value: Decodable>(_ type: Value.Type = Value.self, status: Int = 200) throws -> Value {
        guard self.status == status else { throw unexpected }
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch {
            throw CommandError("load.answer", "An answer of the server cannot be read: \(error)", status: .software)
        }
    }

    var unexpected: CommandError {
        let text = String(decoding: body.prefix(500), as: UTF8.self)
        return CommandError("load.answer", "The server answered \(status): \(text)", status: .software)
    }
}
