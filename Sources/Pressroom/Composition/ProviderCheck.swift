import Foundation
import HTTPTypes
import Logging
import Outbound
import Providers

/// Calls that cost nothing and show whether a provider can be reached with the configured key.
enum ProviderCheck {
    static let deadline = Duration.seconds(10)

    /// - Returns: how many models the key may use.
    static func models(_ settings: Configuration, _ logger: Logger) async throws -> Int {
        let base = settings.languageModel.baseURL
        return try await with(base, logger) { transport in
            let endpoint = OpenAIEndpoint(baseURL: base, key: settings.languageModel.key)
            let client = OpenAIClient(endpoint: endpoint, transport: transport, now: Surroundings.wallClock)
            return try await client.models(deadline: deadline).count
        }
    }

    /// Asks for the account that the token belongs to.
    static func images(_ settings: Configuration, _ logger: Logger) async throws {
        let base = settings.images.baseURL
        try await with(base, logger) { transport in
            let authorization = settings.images.token.map { OutboundRequest.Authorization.bearer($0) }
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
