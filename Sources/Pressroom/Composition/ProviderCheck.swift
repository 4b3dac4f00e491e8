import Foundation
import HTTPTypes
import Logging
import Outbound
import Providers

/// Calls that cost nothing and show whether a provider can be reached with the configured key.
struct ProviderCheck: Sendable {
    static let deadline = Duration.seconds(10)

    let connections: HTTPTransport.Settings
    let logger: Logger

    init(_ settings: Configuration, _ logger: Logger) {
        connections = settings.outgoing.connections
        self.logger = logger
    }

    /// - Returns: the models that the key may use.
    func models(at endpoint: OpenAIEndpoint) async throws -> [OpenAIClient.ModelEntry] {
        try await with(endpoint.baseURL) { transport in
            let client = OpenAIClient(endpoint: endpoint, transport: transport, now: Surroundings.wallClock)
            return try await client.models(deadline: Self.deadline)
        }
    }

    /// Asks Replicate for the account that the token belongs to, and for the model.
    func images(_ replicate: Configuration.Images.Replicate) async throws {
        try await with(replicate.baseURL) { transport in
            func status(of path: String) async throws -> Int {
                let authorization = replicate.token.map { OutboundRequest.Authorization.bearer($0) }
                let request = OutboundRequest(
                    .get, replicate.baseURL.appending(path), authorization: authorization)
                return try await transport.send(request, deadline: Self.deadline).status
            }
            let account = try await status(of: "account")
            guard (200..<300).contains(account) else {
                throw CommandError(
                    "images.refused", "The image provider answers with status \(account).",
                    hint: "Check REPLICATE_API_TOKEN and REPLICATE_BASE_URL.", status: .unavailable)
            }
            // A version is looked for by whoever orders; what can be missing is the model.
            let model = replicate.model.prefix { $0 != ":" }
            guard try await status(of: "models/\(model)") != 404 else {
                throw CommandError(
                    "images.no_model", "The image provider has no model \(model).",
                    hint: "Set REPLICATE_MODEL to another.",
                    status: .unavailable)
            }
        }
    }

    private func with<Result: Sendable>(
        _ base: OutboundURL, _ body: (HTTPTransport) async throws -> Result
    ) async throws -> Result {
        let transport = HTTPTransport(
            to: DestinationGuard(trusting: [base]), settings: connections, logger: logger)
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
