import Sandbox
import Testing

@Suite struct `A prediction` {
    @Test func `goes from starting through processing to succeeded as time passes`() throws {
        var sandbox = SandboxFixture()
        let created = sandbox.createPrediction()
        let id = try #require(created["id"]?.text)
        #expect(created["status"] == "starting")
        #expect(created["output"] == .null)

        #expect(sandbox.prediction(id, at: .seconds(5))["status"] == "processing")
        let done = sandbox.prediction(id, at: .seconds(45))

        #expect(done["status"] == "succeeded")
        #expect(done["output"] == .array([.string("http://sandbox/files/\(id)/out-0.png")]))
        #expect(done["metrics"]?["total_time"]?.number == 45)
        let file = sandbox.core.answer(
            to: sandbox.call("GET", "/files/\(id)/out-0.png", key: nil, at: .seconds(46)), at: .seconds(46))
        #expect(file[header: "content-type"] == "image/png")
        #expect(file.body.starts(with: [0x89, 0x50]))
    }

    @Test func `is drawn small where that is asked of the sandbox`() throws {
        var sandbox = SandboxFixture { $0.pictureSide = 64 }
        let id = try #require(sandbox.createPrediction()["id"]?.text)
        _ = sandbox.prediction(id, at: .seconds(45))

        let file = sandbox.core.answer(
            to: sandbox.call("GET", "/files/\(id)/out-0.png", key: nil, at: .seconds(46)), at: .seconds(46))

        // Width and height, big-endian, behind the signature and the header chunk's length and name.
        #expect(Array(file.body[16..<24]) == [0, 0, 0, 64, 0, 0, 0, 64])
        var wrong = SandboxConfiguration()
        wrong.pictureSide = 8
        #expect(wrong.problems == ["pictureSide must be 64 to 2048"])
    }

    @Test func `loses its data an hour after its end`() throws {
        var sandbox = SandboxFixture()
        let id = try #require(sandbox.createPrediction()["id"]?.text)

        let late = sandbox.prediction(id, at: .seconds(45 + 3600))

        #expect(late["status"] == "succeeded")
        #expect(late["data_removed"] == true)
        #expect(late["output"] == .null)
        #expect(sandbox.call("GET", "/files/\(id)/out-0.png", at: .seconds(3645)).response.status == 404)
    }

    @Test func `can be cancelled while it runs, and not afterwards`() throws {
        var sandbox = SandboxFixture()
        let first = try #require(sandbox.createPrediction()["id"]?.text)
        let second = try #require(sandbox.createPrediction()["id"]?.text)

        let canceled = sandbox.call("POST", "/v1/predictions/\(first)/cancel", at: .seconds(10)).response
        let late = sandbox.call("POST", "/v1/predictions/\(second)/cancel", at: .seconds(50)).response

        #expect(canceled.json["status"] == "canceled")
        #expect(sandbox.prediction(first, at: .seconds(60))["status"] == "canceled")
        #expect(late.json["status"] == "succeeded")
    }

    @Test func `ends at the caller's deadline`() throws {
        var sandbox = SandboxFixture { $0.latencies.image = Latency(80...100) }
        let running = try #require(sandbox.createPrediction(headers: ["cancel-after": "30s"])["id"]?.text)
        let waiting = try #require(sandbox.createPrediction(headers: ["cancel-after": "5"])["id"]?.text)

        #expect(sandbox.prediction(running, at: .seconds(31))["status"] == "canceled")
        #expect(sandbox.prediction(waiting, at: .seconds(31))["status"] == "aborted")
    }

    @Test func `can be waited for`() throws {
        var sandbox = SandboxFixture { $0.latencies.image = Latency(10...10) }
        let body: JSONValue = ["version": "ideogram-ai/ideogram-v2a-turbo", "input": ["prompt": "tea"]]

        let long = sandbox.call("POST", "/v1/predictions", body, headers: ["prefer": "wait=30"])
        let short = sandbox.call("POST", "/v1/predictions", body, headers: ["prefer": "wait=2"])

        #expect(long.delay == .seconds(10))
        let done = sandbox.core.answer(to: long, at: .seconds(10))
        #expect(done.status == 201)
        #expect(done.json["output"]?.text?.hasSuffix("/out-0.png") == true)
        #expect(short.delay == .seconds(2))
        #expect(sandbox.core.answer(to: short, at: .seconds(2)).status == 202)
    }

    @Test func `may show its output early to those who wait`() {
        var sandbox = SandboxFixture { $0.faults = [.init(fault: .earlyOutput)] }

        let plan = sandbox.call(
            "POST", "/v1/predictions", ["version": "a/b", "input": ["prompt": "tea"]], headers: ["prefer": "wait"])
        let early = sandbox.core.answer(to: plan, at: plan.delay).json

        #expect(early["status"] == "processing")
        #expect(early["output"]?.items?.count == 1)
    }

    @Test func `fails as the script wants`() throws {
        var sandbox = SandboxFixture {
            $0.faults = [
                .init(when: .init(nth: 1), fault: .imageFlagged), .init(when: .init(nth: 2), fault: .imageFailed),
                .init(when: .init(nth: 3), fault: .insufficientCredit),
            ]
        }
        let flagged = try #require(sandbox.createPrediction()["id"]?.text)
        let failed = try #require(sandbox.createPrediction()["id"]?.text)

        #expect(sandbox.createPrediction()["status"] == 402)
        #expect(sandbox.prediction(flagged, at: .seconds(60))["error"]?.text?.contains("(E005)") == true)
        #expect(sandbox.prediction(failed, at: .seconds(60))["status"] == "failed")
        #expect(sandbox.prediction(failed, at: .seconds(60))["output"] == .null)
    }

    @Test(arguments: [
        #"{"model":"a/b","input":{"prompt":"x"}}"#, #"{"version":"a/b"}"#, #"{"version":"a/b","input":{}}"#,
        #"{"version":"nonsense","input":{"prompt":"x"}}"#,
        #"{"version":"a/b","input":{"prompt":"x","aspect_ratio":"9:2"}}"#,
        #"{"version":"a/b","input":{"prompt":"x"},"webhook":"ftp://x"}"#,
        #"{"version":"a/b","input":{"prompt":"x"},"webhook":"http://x","webhook_events_filter":["end"]}"#,
    ])
    func `is not created from a wrong order`(body: String) {
        var sandbox = SandboxFixture()
        let request = ProviderRequest(
            method: "POST", path: "/v1/predictions", headers: ["authorization": "Bearer x"], body: Array(body.utf8))

        #expect(sandbox.core.handle(request, at: .zero).plan.response.status == 422)
    }

    @Test func `is throttled beyond the limit, and polls by a limit of their own`() throws {
        var sandbox = SandboxFixture { $0.imageRequestsPerMinute = 60 }
        for _ in 0..<60 { #expect(sandbox.createPrediction()["status"] == "starting") }

        let refused = sandbox.createPrediction()

        #expect(refused["detail"] == "Request was throttled. Your rate limit resets in ~1s.")
        #expect(sandbox.call("GET", "/v1/predictions").response.status == 200)
        #expect(sandbox.core.stats[.imageCreate].refused == 1)
    }

    @Test func `is found in the list, page by page and by time`() throws {
        var sandbox = SandboxFixture()
        for second in 0..<150 { _ = sandbox.createPrediction(at: .seconds(second)) }
        let now = Duration.seconds(200)

        let first = sandbox.call("GET", "/v1/predictions", at: now).response.json
        let cursor = try #require(first["next"]?.text?.split(separator: "=").last.map(String.init))
        let second = sandbox.call("GET", "/v1/predictions", query: ["cursor": cursor], at: now).response.json
        let after = sandbox.call(
            "GET", "/v1/predictions", query: ["created_after": "2026-11-21T00:02:20Z"], at: now
        ).response.json

        #expect(first["results"]?.items?.count == 100)
        #expect(second["results"]?.items?.count == 50)
        #expect(second["next"] == .null)
        #expect(after["results"]?.items?.count == 10)
    }
}

@Suite struct `Webhooks` {
    private func due(_ sandbox: inout SandboxFixture, at now: Duration) -> [OutgoingWebhook] {
        sandbox.core.takeDueWebhooks(at: now)
    }

    @Test func `are signed as Standard Webhooks are`() {
        let body = #"{"type":"generation.completed","timestamp":"2026-11-21T00:00:00Z","data":{"generationId":"g_1"}}"#
        let secret = "whsec_c2FuZGJveC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2RlZg=="

        let signature = WebhookSignature.sign(
            id: "msg_2test", timestamp: 1_795_219_200, body: Array(body.utf8), secret: secret)

        #expect(signature == "v1,XzBQdJBflhrVlJLiJ/PuYIZaHdD71odJsAoqPzUIl3Y=")
    }

    @Test func `come at the start and at the end, unless filtered`() throws {
        var sandbox = SandboxFixture()
        _ = sandbox.createPrediction([("webhook", "http://caller/hook")])
        _ = sandbox.createPrediction([
            ("webhook", "http://caller/only"), ("webhook_events_filter", ["completed"]),
        ])

        let start = due(&sandbox, at: .milliseconds(4500))
        let end = due(&sandbox, at: .seconds(45))

        #expect(start.map(\.delivery.url) == ["http://caller/hook"])
        #expect(end.count == 2)
        #expect(try JSONValue(parsing: end[0].body)["status"] == "succeeded")
        #expect(sandbox.core.nextWebhook == nil)
    }

    @Test func `are tried again, with the same identifier, and given up in the end`() {
        var sandbox = SandboxFixture()
        _ = sandbox.createPrediction([("webhook", "http://caller"), ("webhook_events_filter", ["completed"])])
        var now = Duration.seconds(45)
        var identifiers: Set<String> = []
        var attempts = 0
        while let webhook = due(&sandbox, at: now).first {
            identifiers.insert(webhook.delivery.id)
            attempts += 1
            sandbox.core.webhookEnded(webhook, delivered: false, at: now)
            now = sandbox.core.nextWebhook ?? now
        }

        #expect(attempts == 4)
        #expect(identifiers.count == 1)
        #expect(sandbox.core.stats.webhooksFailed == 1)
    }

    @Test func `are lost or come twice by script`() {
        var sandbox = SandboxFixture {
            $0.faults = [
                .init(when: .init(operation: .webhook, nth: 1), fault: .webhookLost),
                .init(when: .init(operation: .webhook, nth: 2), fault: .webhookDuplicate),
            ]
        }
        let hook: [(String, JSONValue)] = [("webhook", "http://caller"), ("webhook_events_filter", ["completed"])]
        _ = sandbox.createPrediction(hook)
        _ = sandbox.createPrediction(hook)

        let first = due(&sandbox, at: .seconds(45))
        for webhook in first { sandbox.core.webhookEnded(webhook, delivered: true, at: .seconds(45)) }
        let second = due(&sandbox, at: .seconds(46))

        #expect(first.count == 1)
        #expect(second.map(\.delivery.id) == first.map(\.delivery.id))
    }

    @Test func `tell of a cancellation at once`() throws {
        var sandbox = SandboxFixture()
        let id = try #require(sandbox.createPrediction([("webhook", "http://caller")])["id"]?.text)
        _ = sandbox.call("POST", "/v1/predictions/\(id)/cancel", at: .seconds(1))

        let told = due(&sandbox, at: .seconds(1))

        #expect(told.count == 1)
        #expect(try JSONValue(parsing: told[0].body)["status"] == "canceled")
        #expect(sandbox.core.nextWebhook == nil)
    }
}
