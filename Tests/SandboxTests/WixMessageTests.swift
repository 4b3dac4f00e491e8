import Foundation
import Sandbox
import Testing

@Suite struct `What Wix tells the app` {
    private func fixture(_ faults: [FaultRule] = []) throws -> WixFixture {
        try WixFixture {
            $0.wix.webhookURL = "http://app.invalid/webhooks/wix"
            $0.faults = faults
        }
    }

    /// The claims' outermost and inner JSON.
    private func envelope(_ message: WixMessage) throws -> JSONValue {
        let data = try #require(message.claims["data"]?.text)
        return try JSONValue(parsing: Array(data.utf8))
    }

    @Test func `is JSON in JSON in JSON`() throws {
        var wix = try fixture()
        let isTold = wix.sandbox.core.removeWixApp(from: "site-1", at: .zero)
        #expect(isTold)

        let message = try #require(wix.sandbox.core.takeDueWixMessages(at: .zero).first?.message)
        let envelope = try envelope(message)
        #expect(message.url == "http://app.invalid/webhooks/wix")
        #expect(envelope["eventType"] == "AppRemoved")
        #expect(envelope["instanceId"] == "site-1")
        let data = try JSONValue(parsing: Array((envelope["data"]?.text ?? "").utf8))
        #expect(data == ["appId": "app", "originInstanceId": "site-1"])
        #expect(message.claims["iat"] == 1_795_219_200)
    }

    @Test func `comes again after 1 and 10 minutes, 1, 2, 2, 2, 4, 4, 4, 8, 8 and 12 hours, and then no more`() throws {
        var wix = try fixture()
        wix.sandbox.core.installWixApp(on: "site-1", at: .zero)
        var now = Duration.zero
        var times: [Duration] = []
        var claims: Set<String> = []
        while let outgoing = wix.sandbox.core.takeDueWixMessages(at: now).first {
            times.append(now)
            claims.insert(outgoing.message.claims.json)
            wix.sandbox.core.wixMessageEnded(outgoing.message, delivered: false, at: now)
            now = wix.sandbox.core.nextWixMessage ?? now
        }

        let pauses = zip(times.dropFirst(), times).map { $0 - $1 }
        let minutes = [1, 10, 60, 120, 120, 120, 240, 240, 240, 480, 480, 720]
        #expect(pauses == minutes.map { Duration.seconds($0 * 60) })
        #expect(times.last == .seconds(47 * 3_600 + 11 * 60))
        #expect(claims.count == 1, "the same each time")
        #expect(wix.sandbox.core.stats.webhooksFailed == 1)
        #expect(wix.sandbox.core.nextWixMessage == nil)
    }

    @Test func `comes once when it is answered`() throws {
        var wix = try fixture()
        wix.sandbox.core.installWixApp(on: "site-1", at: .zero)
        for outgoing in wix.sandbox.core.takeDueWixMessages(at: .zero) {
            wix.sandbox.core.wixMessageEnded(outgoing.message, delivered: true, at: .zero)
        }

        #expect(wix.sandbox.core.nextWixMessage == nil)
        #expect(wix.sandbox.core.stats.webhooksDelivered == 1)
    }

    @Test func `comes a hundred times at once, late, or out of order, as it was asked for`() throws {
        var wix = try fixture()
        wix.sandbox.core.removeWixApp(from: "site-1", copies: 100, after: .seconds(60), at: .zero)
        wix.sandbox.core.installWixApp(on: "site-1", at: .zero)

        let first = wix.sandbox.core.takeDueWixMessages(at: .zero)
        let second = wix.sandbox.core.takeDueWixMessages(at: .seconds(60))
        #expect(first.map(\.message.type) == ["AppInstalled"])
        #expect(second.map(\.message.type) == ["AppRemoved"])
        #expect(second.map(\.copies) == [100])
        #expect((first.first?.message.issuedAt ?? 0) > (second.first?.message.issuedAt ?? 0))
    }

    @Test func `is lost, doubled, taken for unanswered or forged by script`() throws {
        var wix = try fixture([
            FaultRule(when: .init(operation: .wixWebhook, nth: 1), fault: .webhookLost),
            FaultRule(when: .init(operation: .wixWebhook, nth: 2), fault: .webhookDuplicate),
            FaultRule(when: .init(operation: .wixWebhook, nth: 3), fault: .webhookAnswerLost),
            FaultRule(when: .init(operation: .wixWebhook, nth: 4), fault: .webhookForged),
        ])
        for _ in 0..<4 { wix.sandbox.core.tellWixApp("AppRemoved", about: "site-1", data: [:], at: .zero) }

        let told = wix.sandbox.core.takeDueWixMessages(at: .zero)
        #expect(told.map(\.message.number) == [2, 3, 4])
        #expect(told.map(\.copies) == [2, 1, 1])
        #expect(told.map(\.isAnswerLost) == [false, true, false])
        #expect(told.map(\.isForged) == [false, false, true])
        let again = wix.sandbox.core.takeDueWixMessages(at: .seconds(60))
        #expect(again.map(\.message.number) == [1], "the lost one comes by the schedule")
    }

    @Test func `says that a post was published, once`() throws {
        var wix = try fixture()
        let id = wix.makeDraft(WixFixture.post(wix.member())).json["draftPost"]?["id"]?.text ?? ""
        for _ in 0..<2 { #expect(wix.call("POST", "blog/v3/draft-posts/\(id)/publish", [:]).status == 200) }

        let told = wix.sandbox.core.takeDueWixMessages(at: .zero)
        #expect(told.map(\.message.type) == ["wix.blog.v3.post_created"])
    }

    @Test func `is signed by a key of this sandbox`() throws {
        let key = try WixWebhookKey()
        let claims: JSONValue = ["data": "{}", "iat": 1, "exp": 2]
        let token = String(decoding: try key.token(claims), as: UTF8.self)
        let forged = String(decoding: try key.token(claims, isForged: true), as: UTF8.self)

        #expect(key.publicPEM.hasPrefix("-----BEGIN PUBLIC KEY-----"))
        #expect(token.split(separator: ".").count == 3)
        #expect(token.split(separator: ".").dropLast() == forged.split(separator: ".").dropLast())
        #expect(token != forged)
    }
}
