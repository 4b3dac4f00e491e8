import FoundationEssentials
import HTTPTypes
import Outbound
import Testing

@testable import Providers

@Suite struct `A webhook's signature` {
    static let secret = Secret("whsec_c2FuZGJveC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2RlZg==")
    static let body = Array(
        #"{"type":"generation.completed","timestamp":"2026-11-21T00:00:00Z","data":{"generationId":"g_1"}}"#.utf8)
    static let signature = "v1,XzBQdJBflhrVlJLiJ/PuYIZaHdD71odJsAoqPzUIl3Y="
    static let now = Date(timeIntervalSince1970: 1_795_219_200)

    @Test func `is the one that others compute`() throws {
        let signature = try WebhookSignature(secret: Self.secret)
            .sign(id: "msg_2test", timestamp: 1_795_219_200, body: Self.body)

        #expect(signature == Self.signature)
    }

    @Test(arguments: ["webhook", "svix"])
    func `is accepted under either prefix`(_ prefix: String) throws {
        let id = try verify(headers(prefix: prefix))
        #expect(id == "msg_2test")
    }

    @Test func `is accepted among others, as during a change of secrets`() throws {
        try verify(headers(signature: "v2,xxxx v1,AAAA \(Self.signature)"))
    }

    @Test func `is accepted with a secret that lost its padding`() throws {
        let secret = Secret("whsec_c2FuZGJveC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2RlZg")
        try WebhookSignature(secret: secret).verify(headers(), body: Self.body, now: Self.now)
    }

    @Test func `does not fit another body, id or time`() throws {
        #expect(throws: WebhookError.mismatch) {
            try WebhookSignature(secret: Self.secret).verify(headers(), body: Self.body + [32], now: Self.now)
        }
        #expect(throws: WebhookError.mismatch) { try verify(headers(id: "msg_other")) }
        #expect(throws: WebhookError.mismatch) { try verify(headers(timestamp: "1795219201")) }
        #expect(throws: WebhookError.mismatch) { try verify(headers(signature: "")) }
    }

    @Test(arguments: [(299.0, true), (-299, true), (301, false), (-301, false)])
    func `expires after five minutes`(_ age: Double, _ accepted: Bool) throws {
        let now = Self.now.addingTimeInterval(age)
        let result = Result {
            try WebhookSignature(secret: Self.secret).verify(headers(), body: Self.body, now: now)
        }
        #expect((try? result.get() != "") == (accepted ? true : nil))
    }

    @Test(arguments: ["", "soon", "-1", "99999999999999999999"])
    func `needs a time`(_ timestamp: String) {
        #expect(throws: WebhookError.missingHeader) { try verify(headers(timestamp: timestamp)) }
    }

    @Test(arguments: ["", "whsec_", "whsec_dG9vIHNob3J0", "whsec_***"])
    func `needs a real secret`(_ text: String) {
        #expect(throws: WebhookError.badSecret) { try WebhookSignature(secret: Secret(text)) }
    }

    private func headers(
        prefix: String = "webhook", id: String = "msg_2test", timestamp: String = "1795219200",
        signature: String = signature
    ) -> HTTPFields {
        [
            .known("\(prefix)-id"): id, .known("\(prefix)-timestamp"): timestamp,
            .known("\(prefix)-signature"): signature,
        ]
    }

    @discardableResult
    private func verify(_ headers: HTTPFields) throws -> String {
        try WebhookSignature(secret: Self.secret).verify(headers, body: Self.body, now: Self.now)
    }
}
