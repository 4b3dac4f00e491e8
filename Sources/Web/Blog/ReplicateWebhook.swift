import Blog
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Outbound
import Providers

/// `POST /webhooks/replicate?job=…&order=…`: the image provider says that a picture is ready.
///
/// The signature covers the raw bytes and a timestamp near now. What the body says is not believed: the call only wakes
/// the job, which asks the provider itself; so a repetition is harmless, and an unknown job is answered like a known one.
package struct ReplicateWebhook: Postable {
    static let path = "/webhooks/replicate"
    let generations: BlogGenerations
    /// Nil when no secret is configured: pictures are then found by asking.
    let signature: WebhookSignature?
    let timing: Timing

    /// The address to give to the provider with an order.
    /// - Parameter base: the server's public address without a trailing slash.
    package static func url(base: String, job: JobID, order: Int) -> String {
        "\(base)\(path)?job=\(job)&order=\(order)"
    }

    func post(_ call: Call) async throws -> Response {
        guard let signature else { throw Problem.noWebhookSecret }
        do {
            try signature.verify(
                call.request.headers, body: Array(call.context.body.readableBytesView), now: timing.now())
        } catch {
            throw Problem(
                .unauthorized, code: error.rawValue, detail: "The webhook's signature or timestamp is not valid.",
                hint: "Compare the signing secret with the provider's, and the clocks.")
        }
        guard let id = call.query("job").flatMap(JobID.init(_:)) else {
            throw Problem.badQuery("job", "must be the id of a generation.")
        }
        try await generations.imageIsReady(id, order: call.query("order", in: 0...1_000_000, default: 1))
        return Response(status: .noContent)
    }
}

extension Problem {
    static let noWebhookSecret = Problem(
        .notFound, code: "webhook.not_configured", detail: "This server takes no webhooks.",
        hint: "Set REPLICATE_WEBHOOK_SECRET to receive them; without it pictures are found by asking.")
}
