import Foundation
import HTTPTypes
import Logging
import Outbound

/// A sandbox that is a process of its own (`pressroom sandbox`), so that several servers and workers meet the same limits.
struct SharedSandbox: Sendable {
    let address: OutboundURL

    var base: OutboundURL { address.appending("v1") }

    private struct Answer: Decodable { let key: String }
    private static let patience = Duration.seconds(5)

    /// What it signs its webhooks with.
    /// - Throws: ``CommandError`` `sandbox.unreachable` when nothing answers there, or something else than a sandbox.
    func webhookSecret(logger: Logger) async throws -> Secret {
        let transport = HTTPTransport(to: DestinationGuard(trusting: [address]), logger: logger)
        let request = OutboundRequest(
            .get, base.appending("webhooks/default/secret"), authorization: .bearer(HostedSandbox.key))
        let answer: Answer
        do {
            let response = try await transport.send(request, deadline: Self.patience)
            answer = try JSONDecoder().decode(Answer.self, from: Data(response.body))
        } catch {
            try? await transport.shutdown()  // There is nothing to lose any more.
            throw CommandError(
                "sandbox.unreachable",
                "No sandbox answers at \(address): \(FailureReport(error)?.message ?? "the answer is no sandbox's").",
                hint: "Start one with `pressroom sandbox`, or leave SANDBOX_URL out for one inside this process.",
                status: .unavailable)
        }
        try? await transport.shutdown()  // The connection ends with it or soon after.
        return Secret(answer.key)
    }
}
