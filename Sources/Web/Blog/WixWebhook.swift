import Blog
import HTTPTypes
import Hummingbird
import Publishers

/// `POST /webhooks/wix`: a Wix site has installed or removed the app.
///
/// The body is a signed JWT, verified on its raw bytes. Wix waits 1,250 ms for the answer and repeats what is not answered with
/// 200 for two days: what is stored once is answered so again, and does nothing.
struct WixWebhook: Postable {
    static let path = "/webhooks/wix"
    let sites: Sites
    /// Nil when the app's public key is not configured.
    let webhooks: WixWebhooks?
    let timing: Timing

    /// Rather refused in time, and repeated, than answered too late.
    private static let patience = Duration.milliseconds(1_000)

    private static let noKey = Problem(
        .notFound, code: "webhook.not_configured", detail: "Webhooks of Wix are not received here.",
        hint: "Set WIX_PUBLIC_KEY_FILE to receive them; without it a site that removes the app fails its drafts.")

    func post(_ call: Call) async throws -> Response {
        guard let webhooks else { throw Self.noKey }
        guard let event = webhooks.event(in: Array(call.context.body.readableBytesView), now: timing.now()) else {
            throw Problem(
                .unauthorized, code: "webhook.signature_invalid", detail: "This is not signed by Wix for the app.",
                hint: "Compare WIX_PUBLIC_KEY_FILE with the app's page, and the clocks.")
        }
        try await timing.within(Self.patience) { _ = try await sites.take(event) }
        return Response(status: .ok)
    }
}
