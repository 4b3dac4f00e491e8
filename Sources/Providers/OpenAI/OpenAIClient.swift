import FoundationEssentials
import HTTPTypes
import Outbound

/// Speaks to OpenAI, or to any server that speaks its chat completions.
///
/// Translates and classifies; decides nothing. One call is one HTTP request.
package struct OpenAIClient: LanguageModel {
    private let endpoint: OpenAIEndpoint
    private let calls: OpenAICalls
    private let now: @Sendable () -> Date

    /// - Parameter now: the wall clock, for `Retry-After` dates.
    package init(endpoint: OpenAIEndpoint, transport: any Transport, now: @escaping @Sendable () -> Date) {
        self.endpoint = endpoint
        self.calls = OpenAICalls(endpoint: endpoint, transport: transport, use: .texts)
        self.now = now
    }

    package func complete(_ prompt: Prompt, deadline: Duration) async throws -> Completion {
        let request =
            switch endpoint.api {
            case .chat:
                calls.request(
                    .post, "chat/completions", body: ChatRequest(prompt, for: endpoint).bytes, marker: prompt.marker)
            case .responses:
                calls.request(
                    .post, "responses", body: ResponsesRequest(prompt, for: endpoint).bytes, marker: prompt.marker)
            }
        let response = try await calls.send(request, deadline: deadline)
        guard response.isSuccess else { throw OpenAIFailure(response, now: now()).error }
        switch endpoint.api {
        case .chat: return try ChatResponse(response, now: now()).completion()
        case .responses: return try ResponsesAnswer(response, now: now()).completion()
        }
    }

    /// A model that the key may use.
    package struct ModelEntry: Sendable, Equatable {
        package let name: String
        /// The day on which it ends, `2027-01-14`; nil when none is announced.
        package let endsOn: String?

        package init(name: String, endsOn: String?) {
            self.name = name
            self.endsOn = endsOn
        }
    }

    /// The models that the key may use. Costs nothing: good for checking a connection.
    package func models(deadline: Duration) async throws -> [ModelEntry] {
        let response = try await calls.send(calls.request(.get, "models"), deadline: deadline)
        guard response.isSuccess else { throw OpenAIFailure(response, now: now()).error }
        guard let list = JSON(response.body)?["data"]?.array else {
            throw ProviderError(
                .malformed, "The model list is not what OpenAI's protocol says",
                hint: "Check that the base URL ends in /v1.", retry: .never)
        }
        return list.compactMap { entry in
            entry["id"]?.string.map { ModelEntry(name: $0, endsOn: entry["shutdown_date"]?.string) }
        }
    }
}
