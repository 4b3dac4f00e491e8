import Blog
import Engine
import Foundation
import HTTPTypes
import Outbound
import Providers
import Testing

@testable import Web

private let secret = Secret("whsec_" + Data(repeating: 7, count: 32).base64EncodedString())

@Suite struct `A webhook` {
    private func headers(_ body: String, at date: Date = Date()) throws -> HTTPFields {
        let timestamp = Int(date.timeIntervalSince1970)
        let signature = try WebhookSignature(secret: secret).sign(
            id: "msg_1", timestamp: timestamp, body: Array(body.utf8))
        return [
            HTTPField.Name("webhook-id")!: "msg_1", HTTPField.Name("webhook-timestamp")!: "\(timestamp)",
            HTTPField.Name("webhook-signature")!: signature, .contentType: "application/json",
        ]
    }

    @Test func `that is signed is taken, also twice, also for a job that is not there`() async throws {
        try await WebWorld.with(configure: { web, _ in web.webhookSecret = secret }) { world in
            let id = try await world.submit("sourdough")
            let body = #"{"id":"p1","status":"succeeded"}"#
            let signed = try headers(body)
            try await world.test { browser in
                for job in ["\(id)", "\(id)", "4242"] {
                    let answer = try await browser.send(
                        .post, "/webhooks/replicate?job=\(job)&order=1", headers: signed, body: body)
                    #expect(answer.status == 204)
                }
                let summary = try await browser.world.generations.find(id, in: .allSites).summary
                #expect(summary.status == .pending)
            }
        }
    }

    @Test func `that is forged, changed or old is refused`() async throws {
        try await WebWorld.with(configure: { web, _ in web.webhookSecret = secret }) { world in
            let body = #"{"id":"p1"}"#
            let (fresh, old) = (try headers(body), try headers(body, at: Date(timeIntervalSinceNow: -3_600)))
            try await world.test { browser in
                let path = "/webhooks/replicate?job=1&order=1"

                let bare = try await browser.send(.post, path, body: body)
                let changed = try await browser.send(.post, path, headers: fresh, body: body + " ")
                let stale = try await browser.send(.post, path, headers: old, body: body)

                #expect(bare.status == 401 && changed.status == 401 && stale.status == 401)
                #expect(bare.code == "webhook.missing_header")
                #expect(changed.code == "webhook.mismatch")
                #expect(stale.code == "webhook.stale")
            }
        }
    }

    @Test func `secret that is none is found out at the start`() async throws {
        await #expect(throws: WebhookError.badSecret) {
            try await WebWorld.with(configure: { web, _ in web.webhookSecret = Secret("whsec_short") }) { _ in }
        }
    }
}
