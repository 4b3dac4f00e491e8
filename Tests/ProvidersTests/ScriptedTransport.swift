import HTTPTypes
import Synchronization

@testable import Outbound

/// Answers from memory and remembers what was asked.
final class ScriptedTransport: Transport {
    private let answer: @Sendable (OutboundRequest) throws -> OutboundResponse
    private let asked = Mutex<[OutboundRequest]>([])

    init(_ answer: @escaping @Sendable (OutboundRequest) throws -> OutboundResponse) { self.answer = answer }

    convenience init(_ status: Int, _ body: String, headers: HTTPFields = [:]) {
        self.init { _ in OutboundResponse(status: status, headers: headers, body: Array(body.utf8)) }
    }

    var requests: [OutboundRequest] { asked.withLock { $0 } }

    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        asked.withLock { $0.append(request) }
        return try answer(request)
    }
}
