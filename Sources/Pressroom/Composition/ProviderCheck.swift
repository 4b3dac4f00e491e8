import Foundation
import HTTPTypes
import Logging
import Outbound
import Providers

/// Calls that cost nothing and show whether a provider can be reached with the configured key.
enum ProviderCheck {
    static let deadline = Duration.seconds(10)

    /// - Returns: the models that the key may use.
    static func models(at endpoint: OpenAIEndpoint, _ logger: Logger) async throws -> [OpenAIClient.ModelEntry] {
        try await with(endpoint.baseURL, logger) { transport in
            let client = OpenAIClient(endpoint: endpoint, transport: transport, now: Surroundings.wallClock)
            return try await client.models(deadline: deadline)
        }
    }

    /// Asks Replicate for the account that the token belongs to.
    static func images(_ replicate: Configuration.Images.Replicate, _ logger: Logger) async throws {
        let base = replicate.baseURL
        try await with(base, logger) { transport in
            let authorization = replicate.token.map { OutboundRequest.Authorization.bearer($0) }
            let request = OutboundRequest(.get, base.appending("account"), authorization: authorization)
            let response = try await transport.send(request, deadline: deadline)
            guard (200..<300).contains(response.status) else {
                throw CommandError(
                    "images.refused", "The image provider answers with status \(response.status).",
                    hint: "Check REPLICATE_API_TOKEN and REPLICATE_BASE_URL.", status: .unavailable)
            }
        }
    }

    private static func with<Result: Sendable>(
        _ base: OutboundURL, _ logger: Logger, _ body: (HTTPTransport) async throws -> Result
    ) async throws -> Result {
        let transport = HTTPTransport(to: DestinationGuard(trusting: [base]), logger: logger)
        do {
            let result = try await body(transport)
            try await transport.shutdown()
            return result
        } catch {
            try? await transport.shutdown()  // The first error says why.
            throw error
        }
    }
}
