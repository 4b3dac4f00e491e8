import AsyncHTTPClient
import FoundationEssentials
import HTTPTypes
import NIOCore
import NIOHTTP1

/// One request and its answer on one client; the body is counted while it streams.
struct Exchange: Sendable {
    private let request: OutboundRequest

    init(_ request: OutboundRequest) { self.request = request }

    func run(on client: HTTPClient, _ handingOver: @Sendable () -> Void) async throws -> OutboundResponse {
        handingOver()
        // The client's own deadline ends with the response's head, so the caller's race is the one that counts.
        let response = try await client.execute(prepared, deadline: .distantFuture)
        try refuseEncoded(response)
        return OutboundResponse(
            status: Int(response.status.code), headers: Self.fields(response.headers), body: try await body(response))
    }

    private var prepared: HTTPClientRequest {
        var prepared = HTTPClientRequest(url: request.url.full)
        prepared.method = HTTPMethod(rawValue: request.method.rawValue)
        prepared.headers.add(name: "User-Agent", value: "pressroom")
        for field in request.headers { prepared.headers.replaceOrAdd(name: field.name.rawName, value: field.value) }
        if let (name, value) = credentials { prepared.headers.replaceOrAdd(name: name, value: value) }
        if !request.body.isEmpty { prepared.body = .bytes(request.body, length: .known(Int64(request.body.count))) }
        return prepared
    }

    private var credentials: (name: String, value: String)? {
        switch request.authorization {
        case .bearer(let secret): ("Authorization", "Bearer \(secret.exposed)")
        case .basic(let user, let secret):
            ("Authorization", "Basic \(Data("\(user):\(secret.exposed)".utf8).base64EncodedString())")
        case .header(let name, let secret): (name.rawName, secret.exposed)
        case nil: nil
        }
    }

    private func body(_ response: HTTPClientResponse) async throws -> [UInt8] {
        let announced = response.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        guard announced <= request.responseBytesMax else { throw tooLarge }
        var body: [UInt8] = []
        body.reserveCapacity(announced)
        for try await chunk in response.body {
            guard body.count + chunk.readableBytes <= request.responseBytesMax else { throw tooLarge }
            body.append(contentsOf: chunk.readableBytesView)
        }
        // A cancelled stream ends like a finished one.
        try Task.checkCancellation()
        return body
    }

    private var tooLarge: OutboundError {
        OutboundError(
            .bodyTooLarge, "The answer of \(request.url.host) is larger than \(request.responseBytesMax) bytes",
            retry: .never, sent: true)
    }

    private func refuseEncoded(_ response: HTTPClientResponse) throws {
        let encodings = response.headers[canonicalForm: "Content-Encoding"].filter { $0.lowercased() != "identity" }
        guard encodings.isEmpty else {
            throw OutboundError(
                .encoded, "\(request.url.host) sent a compressed answer that was not asked for",
                hint: "Switch compression off at the server or at the proxy before it.", retry: .never, sent: true)
        }
    }

    private static func fields(_ headers: HTTPHeaders) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            // A name that is no token cannot be looked up by anyone, so it may as well be missing.
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }
}
