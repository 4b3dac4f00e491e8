import FoundationEssentials
import HTTPTypes
import Outbound

/// Paints by OpenAI's `/images/generations`, or with any server that speaks it.
///
/// The call lasts as long as painting does, and its answer is the picture: there is no order to ask about, to stop or
/// to find again, and nobody reports anything. An answer that is lost is therefore lost for good: the next attempt pays
/// for one more picture, and nothing else comes of it.
package struct OpenAIImages: ImageProvider {
    package struct Settings: Sendable {
        package var endpoint: OpenAIEndpoint
        package var model: OpenAIImageModel
        package var size: OpenAIImageSize

        /// - Parameter size: one that the model draws; a request's aspect ratio is not looked at.
        package init(endpoint: OpenAIEndpoint, model: OpenAIImageModel, size: OpenAIImageSize) {
            self.endpoint = endpoint
            self.model = model
            self.size = size
        }
    }

    /// The largest picture in base64, and what stands around it.
    static let answerBytesMax = (ImageFile.bytesMax + 2) / 3 * 4 + (64 << 10)

    private let settings: Settings
    private let calls: OpenAICalls
    private let now: @Sendable () -> Date

    /// - Parameter now: the wall clock, for `Retry-After` dates and for what is left of a deadline.
    package init(settings: Settings, transport: any Transport, now: @escaping @Sendable () -> Date) {
        self.settings = settings
        self.calls = OpenAICalls(endpoint: settings.endpoint, transport: transport, use: .pictures)
        self.now = now
    }

    /// Paints, and returns the picture itself: the ticket's progress is always ``ImageProgress/painted(_:)``.
    ///
    /// - Parameter deadline: from now, for painting, and for fetching where the answer only names an address.
    package func create(_ request: ImageRequest, deadline: Duration) async throws -> ImageTicket {
        let begun = now()
        let call = calls.request(
            .post, "images/generations", body: body(of: request), marker: request.marker,
            responseBytesMax: Self.answerBytesMax)
        let response = try await calls.send(call, deadline: deadline)
        guard response.isSuccess else { throw OpenAIFailure(response, now: now(), use: .pictures).error }
        let answer = try OpenAIImageAnswer(response, now: now())
        do {
            let left = deadline - .seconds(now().timeIntervalSince(begun))
            let file = try await file(of: answer.picture, deadline: left)
            return ImageTicket(id: response.requestID ?? request.marker, progress: .painted(file))
        } catch let error as ProviderError {
            throw error.paid(answer.usage ?? TokenUse(inputTokens: 0, outputTokens: 0))
        }
    }

    /// No order is ever under way here, so one that is asked about was another provider's: it has to be placed again.
    package func collect(_ id: String, deadline: Duration) async throws -> ImageProgress {
        .failed(ImageFailure(.expired, "The image provider takes no orders that could be asked about"))
    }

    /// Of an address that was not in an answer of ours, so the key is not shown.
    package func download(_ url: String, deadline: Duration) async throws -> ImageFile {
        let download = ImageDownload(transport: calls.transport, now: now, authorization: { _ in nil })
        return try await download.image(at: url, deadline: deadline)
    }

    /// Nothing is under way that could be stopped.
    package func cancel(_ id: String, deadline: Duration) async throws {}

    /// Nil: the protocol knows nothing of earlier calls.
    package func find(marker: String, since: Date, deadline: Duration) async throws -> ImageTicket? { nil }

    private func body(of request: ImageRequest) -> [UInt8] {
        JSONText.object([
            ("model", .string(settings.model.name)), ("prompt", .string(request.prompt)), ("n", .integer(1)),
            ("size", settings.size == .auto ? nil : .string(settings.size.description)),
            ("response_format", settings.model.answersInBase64Only ? nil : .string("b64_json")),
        ]).bytes
    }

    private func file(of picture: OpenAIImageAnswer.Picture, deadline: Duration) async throws -> ImageFile {
        switch picture {
        case .inBase64(let text):
            guard let data = Data(base64Encoded: text) else {
                throw ProviderError(.malformed, "The image is no whole base64", retry: .backoff)
            }
            return try ImageFile(checking: Array(data))
        case .elsewhere(let url):
            let download = ImageDownload(transport: calls.transport, now: now, authorization: authorization)
            return try await download.image(at: url, deadline: deadline)
        }
    }

    /// The key goes to the API's own host only, wherever an answer's address may point.
    private var authorization: @Sendable (OutboundURL) -> OutboundRequest.Authorization? {
        { [endpoint = settings.endpoint] url in
            url.origin == endpoint.baseURL.origin ? endpoint.authorization : nil
        }
    }
}
