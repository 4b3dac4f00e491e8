import Blog
import Engine
import Foundation
import HTTPTypes
import Outbound
import Providers
import Publishers
import TestSupport
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

@Suite struct `A Wix site` {
    @Test func `that removes the app waits until it has it again`() async throws {
        let signer = try WixSigner()
        let webhooks = try WixWebhooks(pem: signer.publicKey)
        try await WebWorld.with(configure: { web, _ in web.wixWebhooks = webhooks }) { world in
            let id = try await world.submit("sourdough")
            let removed = try signer.jwt("AppRemoved", "bakery", at: Date())
            let installed = try signer.jwt("AppInstalled", "bakery", at: Date(timeIntervalSinceNow: 1))
            let foreign = try WixSigner().jwt("AppRemoved", "toys", at: Date())
            try await world.test { browser in
                func send(_ body: [UInt8]) async throws -> Int {
                    try await browser.send(
                        .post, "/webhooks/wix", headers: [.contentType: "text/plain"],
                        body: String(decoding: body, as: UTF8.self)
                    ).status
                }
                func reason() async throws -> WaitingReason? {
                    try await browser.world.generations.find(id, in: .allSites).summary.waiting?.reason
                }

                var told = [try await send(removed)]
                let paused = try await reason()
                told += [try await send(installed), try await send(removed)]
                let resumed = try await reason()
                let forged = [try await send(foreign), try await send(Array("no token".utf8))]

                #expect(told == [200, 200, 200])
                #expect(paused == .paused)
                #expect(resumed != .paused)
                #expect(forged == [401, 401])
            }
        }
    }

    @Test func `is opened by the instance that its dashboard signs for the owner`() async throws {
        let app = WixApp(baseURL: try OutboundURL("https://www.wixapis.com"), id: "app", secret: Secret("s"))
        try await WebWorld.with(configure: { web, _ in web.wixInstance = WixSignedInstance(app) }) { world in
            let id = try await world.submit("sourdough")
            func signed(_ site: String, secret: String = "s", in seconds: Double = 60) -> HTTPFields {
                let text = WixSigner.instance(
                    site, app: "app", secret: secret, until: Date(timeIntervalSinceNow: seconds))
                return [HTTPField.Name("X-Wix-Instance")!: text]
            }
            let own = signed("bakery")
            let refused = [
                signed("nobody"), signed("bakery", secret: "t"), signed("bakery", in: -1),
                [HTTPField.Name("X-Wix-Instance")!: "x"],
            ]
            let other = signed("toys")
            try await world.test { browser in
                let path = "/api/blog-generation/\(id)"
                let mine = try await browser.send(.get, path, headers: own)
                let foreign = try await browser.send(.get, path, headers: other)
                #expect(mine.status == 200)
                #expect(foreign.status == 404)
                for headers in refused {
                    let answer = try await browser.send(.get, path, headers: headers)
                    #expect(answer.status == 401)
                    #expect(answer.code == "instance.invalid")
                }

                try await world.sites.close(world.bakery)
                let closed = try await browser.send(.get, path, headers: own)
                #expect(closed.status == 401)
                #expect(closed.code == "instance.invalid")
            }
        }
    }
}
