import Blog
import Engine
import Foundation
import HTTPTypes
import Outbound
import ProductKit

/// Sites and the operator as they call the server.
struct LoadClient: Sendable {
    let connections: LoadConnections
    let operatorToken: Secret

    /// What became of a submission.
    enum Answer: Sendable {
        case accepted(JobID)
        /// With 503: the queue is full, or the server sees no database.
        case refused
    }

    /// - Throws: ``CommandError`` `load.answer` for any answer that a client could not act on.
    func submit(_ topic: String, for key: Secret) async throws -> Answer {
        let body = try JSONEncoder().encode(["sourceType": "keyword", "sourceId": topic])
        let response = try await connections.send(
            .post, "api/blog-generation",
            headers: [.contentType: "application/json", HTTPField.Name("Idempotency-Key")!: UUID().uuidString],
            token: key, body: Array(body))
        if response.status == 503 { return .refused }
        return .accepted(try response.value(Submitted.self, status: 201).id)
    }

    /// One page of all sites' generations, the newest first.
    func page(after cursor: String?, statuses: [GenerationStatus] = [], limit: Int = 100) async throws -> GenerationPage
    {
        var query = "limit=\(limit)"
        if !statuses.isEmpty { query += "&status=" + statuses.map(\.rawValue).joined(separator: ",") }
        if let cursor { query += "&cursor=" + OutboundURL.escape(cursor) }
        return try await connections.send(.get, "api/blog-generation", query: query, token: operatorToken).value()
    }

    func generation(_ id: JobID) async throws -> LoadedGeneration {
        try await connections.send(.get, "api/blog-generation/\(id)", token: operatorToken).value()
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
