import Blog
import Engine
import Foundation
import HTTPTypes
import Logging
import Outbound
import Synchronization

/// Sites and the operator as they call the server.
struct LoadClient: Sendable {
    private let base: OutboundURL
    private let transports: Transports
    private let operatorToken: Secret

    /// Longer than the server's own limit, so that its answer is what counts.
    private static let patience = Duration.seconds(30)

    /// - Parameter connections: calls at once, at most.
    init(_ address: String, operatorToken: Secret, connections: Int, logger: Logger) throws {
        base = try OutboundURL(address)
        self.operatorToken = operatorToken
        transports = Transports(to: base, connections: connections, patience: Self.patience, logger: logger)
    }

    func close() async { await transports.close() }

    /// What became of a submission.
    enum Answer: Sendable {
        case accepted(JobID)
        /// With 503: the queue is full, or the server sees no database.
        case refused
    }

    /// - Throws: ``CommandError`` `load.answer` for any answer that a client could not act on.
    func submit(_ topic: String, for key: Secret) async throws -> Answer {
        let body = try JSONEncoder().encode(["sourceType": "keyword", "sourceId": topic])
        let response = try await transports.next().send(
            OutboundRequest(
                .post, base.appending("api/blog-generation"),
                headers: [.contentType: "application/json", HTTPField.Name("Idempotency-Key")!: UUID().uuidString],
                authorization: .bearer(key), body: Array(body)), deadline: Self.patience)
        switch response.status {
        case 201: return .accepted(try decode(Submitted.self, from: response).id)
        case 503: return .refused
        default: throw unexpected(response)
        }
    }

    /// One page of all sites' generations, the newest first.
    func page(after cursor: String?, statuses: [GenerationStatus] = [], limit: Int = 100) async throws -> GenerationPage
    {
        var query = "limit=\(limit)"
        if !statuses.isEmpty { query += "&status=" + statuses.map(\.rawValue).joined(separator: ",") }
        if let cursor { query += "&cursor=" + OutboundURL.escape(cursor) }
        return try await read("api/blog-generation", query)
    }

    func generation(_ id: JobID) async throws -> LoadedGeneration { try await read("api/blog-generation/\(id)") }

    private func read<Value: Decodable>(_ path: String, _ query: String? = nil) async throws -> Value {
        let response = try await transports.next().send(
            OutboundRequest(.get, base.appending(path, query: query), authorization: .bearer(operatorToken)),
            deadline: Self.patience)
        guard response.status == 200 else { throw unexpected(response) }
        return try decode(Value.self, from: response)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, from response: OutboundResponse) throws -> Value {
        do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
            throw CommandError("load.answer", "An answer of the server cannot be read: \(error)", status: .software)
        }
    }

    private func unexpected(_ response: OutboundResponse) -> CommandError {
        let text = String(decoding: response.body.prefix(500), as: UTF8.self)
        return CommandError("load.answer", "The server answered \(response.status): \(text)", status: .software)
    }
}

/// A client's connections, in several pools: what one does for a connection takes longer the more it has, and with
/// thousands in one the caller would be what is measured.
private final class Transports: Sendable {
    private static let poolSize = 64

    private let all: [HTTPTransport]
    private let turn = Atomic(0)

    init(to base: OutboundURL, connections: Int, patience: Duration, logger: Logger) {
        var settings = HTTPTransport.Settings()
        settings.connectionsPerHost = min(connections, Self.poolSize)
        settings.connectTimeout = patience
        let count = max(1, (connections + Self.poolSize - 1) / Self.poolSize)
        all = (0..<count).map { _ in
            HTTPTransport(to: DestinationGuard(trusting: [base]), settings: settings, logger: logger)
        }
    }

    /// Each in turn.
    func next() -> HTTPTransport { all[turn.add(1, ordering: .relaxed).oldValue % all.count] }

    func close() async {
        for transport in all { try? await transport.shutdown() }  // What is left open ends with the process.
    }
}

/// `GET /api/blog-generation/{id}`, as far as a report needs it.
struct LoadedGeneration: Decodable, Sendable {
    let id: JobID
    let site: String
    let status: GenerationStatus
    let createdAt: Timestamp
    let finishedAt: Timestamp?
    let eta: GenerationSummary.Estimate?
    let timeline: [TimelineEntry]
    let cost: GenerationDetail.Cost
}
