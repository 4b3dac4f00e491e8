import FoundationEssentials
import HTTPTypes
import Outbound

/// Speaks to Replicate, or to a server that speaks its API.
///
/// Replicate offers neither idempotency keys nor metadata. An order's marker therefore becomes its seed, which every
/// image model accepts and the list of predictions repeats: that is how a lost order is found again.
package struct ReplicateClient: ImageProvider {
    package struct Settings: Sendable {
        /// Up to and including `/v1`.
        package var baseURL: OutboundURL
        package var key: Secret
        package var model: ReplicateModel
        /// Origins, beside the API's own and replicate.delivery, whose files need the key: the sandbox's.
        package var fileOrigins: Set<String> = []
        /// Replicate stops the order itself after this long. At least 5 s.
        package var cancelAfter: Duration?

        package init(baseURL: OutboundURL, key: Secret, model: ReplicateModel) {
            self.baseURL = baseURL
            self.key = key
            self.model = model
        }
    }

    let settings: Settings
    let transport: any Transport
    let now: @Sendable () -> Date

    /// - Parameter now: the wall clock, for `Retry-After` dates and for the deadline of a search.
    package init(settings: Settings, transport: any Transport, now: @escaping @Sendable () -> Date) {
        self.settings = settings
        self.transport = transport
        self.now = now
    }

    package func create(_ request: ImageRequest, deadline: Duration) async throws -> ImageTicket {
        let path = settings.model.isOfficial ? "models/\(escapedModel)/predictions" : "predictions"
        var call = OutboundRequest(.post, settings.baseURL.appending(path), authorization: .bearer(settings.key))
        call.headers[.contentType] = "application/json"
        call.headers[.known("Cancel-After")] = settings.cancelAfter.map { "\(max($0.components.seconds, 5))s" }
        call.body = body(of: request).bytes
        let response = try await send(call, deadline: deadline)
        guard response.isSuccess else { throw ReplicateFailure.error(response, now: now()) }
        return try Prediction(response.body).ticket
    }

    package func collect(_ id: String, deadline: Duration) async throws -> ImageProgress {
        let url = settings.baseURL.appending("predictions/\(OutboundURL.escape(id))")
        let call = OutboundRequest(.get, url, authorization: .bearer(settings.key))
        let response = try await send(call, deadline: deadline)
        if response.status == 404 {
            return .failed(ImageFailure(.expired, "The image provider no longer knows this order"))
        }
        guard response.isSuccess else { throw ReplicateFailure.error(response, now: now()) }
        return try Prediction(response.body).progress
    }

    package func cancel(_ id: String, deadline: Duration) async throws {
        let url = settings.baseURL.appending("predictions/\(OutboundURL.escape(id))/cancel")
        let response = try await send(
            OutboundRequest(.post, url, authorization: .bearer(settings.key)), deadline: deadline)
        // Unknown or already over: there is nothing left to stop.
        guard response.isSuccess || [404, 409, 410, 422].contains(response.status) else {
            throw ReplicateFailure.error(response, now: now())
        }
    }

    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        do { return try await transport.send(request, deadline: deadline) } catch {
            throw ProviderError.wrapping(error, provider: "image provider")
        }
    }

    private var escapedModel: String {
        settings.model.name.split(separator: "/").map { OutboundURL.escape(String($0)) }.joined(separator: "/")
    }

    private func body(of request: ImageRequest) -> JSONText {
        var input = settings.model.input
        input["prompt"] = .string(request.prompt)
        input["aspect_ratio"] = .string(request.aspectRatio)
        input["seed"] = .number(Double(Prediction.seed(of: request.marker)))
        return .object([
            ("version", settings.model.isOfficial ? nil : .string(settings.model.name)),
            ("input", JSON.object(input).jsonText),
            ("webhook", request.webhook.map { .string($0) }),
            ("webhook_events_filter", request.webhook == nil ? nil : .array([.string("completed")])),
        ])
    }
}
