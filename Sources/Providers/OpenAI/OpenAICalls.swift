import HTTPTypes
import Outbound

/// The calls to one endpoint: its address, key and headers, and the transport's errors in our words.
struct OpenAICalls: Sendable {
    let endpoint: OpenAIEndpoint
    let transport: any Transport
    let use: OpenAIUse

    /// - Parameter marker: for the provider's log; what is not printable ASCII is left out of it.
    func request(
        _ method: HTTPRequest.Method, _ path: String, body: [UInt8] = [], marker: String? = nil,
        responseBytesMax: Int = OutboundRequest.responseBytesMaxUsual
    ) -> OutboundRequest {
        var headers: HTTPFields = [.accept: "application/json"]
        if !body.isEmpty { headers[.contentType] = "application/json" }
        headers[.openAIOrganization] = endpoint.organization
        headers[.openAIProject] = endpoint.project
        headers[.clientRequestID] = marker.map(Self.asciiOnly)
        return OutboundRequest(
            method, endpoint.baseURL.appending(path), headers: headers, authorization: endpoint.authorization,
            body: body, responseBytesMax: responseBytesMax)
    }

    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        do { return try await transport.send(request, deadline: deadline) } catch {
            throw ProviderError.wrapping(error, provider: use.name)
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
