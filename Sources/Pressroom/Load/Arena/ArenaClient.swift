import Arena
import Foundation
import HTTPTypes
import Logging
import Outbound

/// People as they call Arena's servers, all of them through one proxy that says whose call it is.
struct ArenaClient: Sendable {
    private let servers: [LoadConnections]

    /// Addresses that no limit holds, and the proxy that is believed: what the servers are told.
    static let settings = ["TRUSTED_PROXIES": "127.0.0.0/8", "RATE_LIMIT_EXEMPT_CIDRS": "198.51.100.0/24"]
    private static let exemptAddress = "198.51.100.7"
    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!

    init(_ servers: [LoadConnections]) {
        precondition(!servers.isEmpty, "a client without servers")
        self.servers = servers
    }

    /// Calls, whatever is answered.
    ///
    /// - Parameters:
    ///   - turn: which server is called; counted on beyond the last.
    ///   - address: where the call seems to come from; nil for one that no limit holds.
    /// - Throws: ``OutboundError`` when there is no answer.
    func send(
        _ method: HTTPRequest.Method, _ path: String, query: String? = nil, turn: Int = 0, from address: String? = nil,
        token: Secret? = nil, body: (any Encodable)? = nil
    ) async throws -> OutboundResponse {
        var headers: HTTPFields = [Self.forwardedFor: address ?? Self.exemptAddress]
        if body != nil { headers[.contentType] = "application/json" }
        return try await servers[turn % servers.count].send(
            method, path, query: query, headers: headers, token: token,
            body: body.map { Array(try JSONEncoder().encode($0)) } ?? [])
    }

    func metrics() async throws -> MetricsReading {
        let response = try await send(.get, "metrics")
        guard response.status == 200 else { throw response.unexpected }
        return MetricsReading(String(decoding: response.body, as: UTF8.self))
    }

    /// Personas that have replied to a post, as strangers see it.
    func repliers(to post: PostID) async throws -> [PersonaID] {
        struct Thread: Decodable {
            struct Reply: Decodable { let persona: Author? }
            struct Author: Decodable { let id: PersonaID }
            let replies: [Reply]
        }
        let thread: Thread = try await send(.get, "posts/\(post)/thread", query: "limit=100").value()
        return thread.replies.compactMap { $0.persona?.id }
    }
}
