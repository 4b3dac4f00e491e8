import FoundationEssentials
import HTTPTypes
import Outbound

/// Speaks to OpenAI, or to any server that speaks its chat completions.
///
/// Translates and classifies; decides nothing. One call is one HTTP request.
package struct OpenAIClient: LanguageModel {
    private let endpoint: OpenAIEndpoint
    private let transport: any Transport
    private let now: @Sendable () -> Date

    /// - Parameter now: the wall clock, for `Retry-After` dates.
    package init(endpoint: OpenAIEndpoint, transport: any Transport, now: @escaping @Sendable () -> Date) {
        self.endpoint = endpoint
        self.transport = transport
        self.now = now
    }

    package func complete(_ prompt: Prompt, deadline: Duration) async throws -> Completion {
        let body = ChatRequest(prompt, for: endpoint).bytes
        let request = request(.post, "chat/completions", body: body, marker: prompt.marker)
        let response = try await send(request, deadline: deadline)
        guard response.isSuccess else { throw OpenAIFailure(response, now: now()).error }
        return try ChatResponse(response, now: now()).completion()
    }

    /// The names of the models that the key may use. Costs nothing: good for checking a connection.
    package func models(deadline: Duration) async throws -> [String] {
        let response = try await send(request(.get, "models"), deadline: deadline)
        guard response.isSuccess else { throw OpenAIFailure(response, now: now()).error }
        guard let list = JSON(response.body)?["data"]?.array else {
            throw ProviderError(
                .malformed, "The model list is not what OpenAI's protocol says",
                hint: "Check that the base URL ends in /v1.", retry: .never)
        }
        return list.compactMap { $0["id"]?.string }
    }

    private func request(
        _ method: HTTPRequest.Method, _ path: String, body: [UInt8] = [], marker: String? = nil
    ) -> OutboundRequest {
        var headers: HTTPFields = [.accept: "application/json"]
        if !body.isEmpty { headers[.contentType] = "application/json" }
        headers[.openAIOrganization] = endpoint.organization
        headers[.openAIProject] = endpoint.project
        headers[.clientRequestID] = marker.map(Self.asciiOnly)
        return OutboundRequest(
            method, endpoint.baseURL.appending(path), headers: headers, authorization: endpoint.authorization,
            body: body)
    }

    private func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        do { return try await transport.send(request, deadline: deadline) } catch {
            throw ProviderError.wrapping(error, provider: "language model")
        }
    }

    /// The provider answers 400 to anything else.
    private static func asciiOnly(_ marker: String) -> String {
        String(String.UnicodeScalarView(marker.unicodeScalars.filter { (0x21...0x7E).contains($0.value) }.prefix(512)))
    }
}

extension HTTPField.Name {
    static let clientRequestID = known("X-Client-Request-Id")
    static let openAIOrganization = known("OpenAI-Organization")
    static let openAIProject = known("OpenAI-Project")
    static let requestID = known("x-request-id")

    /// - Precondition: `name` is a valid header name.
    static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a valid header name") }
        return field
    }
}
