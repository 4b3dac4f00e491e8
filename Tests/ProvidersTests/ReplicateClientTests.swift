import FoundationEssentials
import HTTPTypes
import Outbound
import Testing

@testable import Providers

@Suite struct `The Replicate client` {
    static func prediction(_ status: String, output: String = "null", error: String = "null", seed: Int = 1) -> String {
        """
        {"id":"gm3qorzdhgbf","model":"m","version":"hidden","input":{"prompt":"p","seed":\(seed)},"output":\(output),
         "error":\(error),"status":"\(status)","urls":{"get":"x"}}
        """
    }

    @Test func `orders with prompt, ratio, seed and webhook, and returns the ticket`() async throws {
        let transport = ScriptedTransport(201, Self.prediction("starting"))
        let request = ImageRequest(
            prompt: "rye", aspectRatio: "16:9", marker: "g1", webhook: "https://us.example/hook?job=1")

        let ticket = try await client(transport).create(request, deadline: .seconds(5))

        #expect(ticket == ImageTicket(id: "gm3qorzdhgbf", progress: .pending))
        let call = try #require(transport.requests.first)
        #expect(call.url.full == "https://api.replicate.com/v1/models/black-forest-labs/flux-schnell/predictions")
        let body = try #require(JSON(call.body))
        #expect(body["version"] == nil)
        #expect(body["input"]?["prompt"]?.string == "rye")
        #expect(body["input"]?["aspect_ratio"]?.string == "16:9")
        #expect(body["input"]?["output_format"]?.string == "png")
        #expect(body["input"]?["seed"]?.integer == Prediction.seed(of: "g1"))
        #expect(body["webhook"]?.string == "https://us.example/hook?job=1")
        #expect(body["webhook_events_filter"] == ["completed"])
    }

    @Test func `names a fixed version in the body`() async throws {
        let transport = ScriptedTransport(201, Self.prediction("starting"))
        let model = ReplicateModel("owner/name:" + String(repeating: "a", count: 64))

        _ = try await client(transport, model: model).create(
            ImageRequest(prompt: "p", marker: "m"), deadline: .seconds(5))

        let call = try #require(transport.requests.first)
        #expect(call.url.path == "/v1/predictions")
        #expect(JSON(call.body)?["version"]?.string == model.name)
        #expect(JSON(call.body)?["webhook"] == nil)
    }

    @Test(arguments: [
        (prediction("starting"), ImageProgress.pending),
        (prediction("processing"), .pending),
        (
            prediction("processing", output: #""https://replicate.delivery/a.png""#),
            .ready(url: "https://replicate.delivery/a.png")
        ),
        (
            prediction("succeeded", output: #"["https://replicate.delivery/a.png"]"#),
            .ready(url: "https://replicate.delivery/a.png")
        ),
        (prediction("succeeded"), .failed(.init(.failed, "The image provider finished without an image"))),
        (prediction("canceled"), .failed(.init(.cancelled, "The image order was stopped before it was finished"))),
        (prediction("aborted"), .failed(.init(.cancelled, "The image order was stopped before it was finished"))),
        (
            prediction("failed", error: #""CUDA out of memory""#),
            .failed(.init(.failed, "The image provider could not make the image"))
        ),
        (
            prediction("failed", error: #""The input or output was flagged as sensitive. (E005)""#),
            .failed(.init(.flagged, "The image provider's safety filter stopped the image"))
        ),
        (prediction("a status of tomorrow"), .failed(.init(.failed, "The image provider could not make the image"))),
    ])
    func `reads how an order stands`(_ body: String, _ expected: ImageProgress) async throws {
        #expect(
            try await client(ScriptedTransport(200, body)).collect("gm3qorzdhgbf", deadline: .seconds(5)) == expected)
    }

    @Test func `takes an order that is no longer known for expired`() async throws {
        let progress = try await client(ScriptedTransport(404, "{}")).collect("x", deadline: .seconds(5))
        #expect(progress == .failed(.init(.expired, "The image provider no longer knows this order")))
    }

    @Test func `cannot be led elsewhere by an id`() async throws {
        let transport = ScriptedTransport(200, Self.prediction("starting"))
        _ = try await client(transport).collect("../../account?x=", deadline: .seconds(5))
        #expect(transport.requests.first?.url.path == "/v1/predictions/..%2F..%2Faccount%3Fx%3D")
    }

    @Test func `cancels, and minds not that there is nothing to cancel`() async throws {
        for status in [200, 404, 422] {
            try await client(ScriptedTransport(status, "{}")).cancel("x", deadline: .seconds(5))
        }
    }

    @Test func `finds a lost order by its marker, page by page`() async throws {
        let seed = Prediction.seed(of: "lost")
        let transport = ScriptedTransport { request in
            let isSecond = request.url.query?.contains("cursor=2") == true
            let results =
                isSecond
                ? Self.prediction("failed", seed: seed) + "," + Self.prediction("processing", seed: seed)
                : Self.prediction("starting", seed: 5)
            let next = isSecond ? "null" : #""https://api.replicate.com/v1/predictions?cursor=2""#
            return OutboundResponse(
                status: 200, body: Array(#"{"previous":null,"next":\#(next),"results":[\#(results)]}"#.utf8))
        }
        let since = Date(timeIntervalSince1970: 1_795_219_200)

        let found = try await client(transport).find(marker: "lost", since: since, deadline: .seconds(5))
        let none = try await client(transport).find(marker: "never", since: since, deadline: .seconds(5))

        #expect(found?.progress == .pending)
        #expect(none == nil)
        #expect(transport.requests.first?.url.query == "created_after=2026-11-21T00%3A00%3A00Z")
    }

    @Test func `does not take its key to another host's next page`() async throws {
        let transport = ScriptedTransport(200, #"{"next":"https://evil.example/v1/predictions","results":[]}"#)

        let found = try await client(transport).find(
            marker: "m", since: Date(timeIntervalSince1970: 0), deadline: .seconds(5))

        #expect(found == nil)
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [
        ("https://replicate.delivery/x/out.png", true), ("https://a.b.replicate.delivery/out.png", true),
        ("https://api.replicate.com/v1/files/1", true), ("http://127.0.0.1:9000/out.png", true),
        ("https://notreplicate.delivery/out.png", false), ("http://replicate.delivery/out.png", false),
        ("https://evil.example/out.png", false), ("https://replicate.delivery.evil.example/out.png", false),
    ])
    func `shows its key to its own hosts only`(_ url: String, _ expected: Bool) async throws {
        let transport = ScriptedTransport { _ in OutboundResponse(status: 200, body: ImageFixture.png(3, 2)) }

        let file = try await client(transport).download(url, deadline: .seconds(5))

        #expect((file.kind, file.width, file.height) == (.png, 3, 2))
        #expect((transport.requests.first?.authorization != nil) == expected)
    }

    @Test func `drops its key when the file has moved`() async throws {
        let transport = ScriptedTransport { request in
            request.url.host == "replicate.delivery"
                ? OutboundResponse(status: 302, headers: [.location: "https://storage.example/a.png"])
                : OutboundResponse(status: 200, body: ImageFixture.png(3, 2))
        }

        _ = try await client(transport).download("https://replicate.delivery/a.png", deadline: .seconds(5))

        #expect(transport.requests.map { $0.authorization != nil } == [true, false])
    }

    @Test func `says that a deleted image is gone`() async throws {
        let error = await #expect(throws: ProviderError.self) {
            _ = try await client(ScriptedTransport(404, "")).download(
                "https://replicate.delivery/a.png", deadline: .seconds(5))
        }
        #expect(error?.code == .gone)
    }

    @Test(
        arguments: [
            (
                401, #"{"title":"Unauthenticated","detail":"You did not","status":401}"#, [:],
                ProviderError.Code.unauthorized, ProviderError.Retry.never
            ),
            (402, #"{"title":"Insufficient credit","detail":"…","status":402}"#, [:], .quotaExhausted, .never),
            (
                404, #"{"detail":"The requested resource could not be found.","status":404}"#, [:], .modelNotFound,
                .never
            ),
            (422, #"{"title":"Input validation failed","detail":"- input.prompt: …"}"#, [:], .rejected, .never),
            (422, #"{"title":"Invalid version or not permitted","detail":"…"}"#, [:], .modelNotFound, .never),
            (
                429, #"{"detail":"Request was throttled. Your rate limit resets in ~30s."}"#, [:], .rateLimited,
                .refused(after: .seconds(30))
            ),
            (
                429, #"{"detail":"reduced to 6 requests per minute","status":429,"retry_after":5}"#, [:], .rateLimited,
                .refused(after: .seconds(5))
            ),
            (429, "slow", [.retryAfter: "9"], .rateLimited, .refused(after: .seconds(9))),
            (429, "", [:], .rateLimited, .refused(after: nil)),
            (503, "<html>", [:], .unavailable, .backoff),
        ] as [(Int, String, HTTPFields, ProviderError.Code, ProviderError.Retry)])
    func `tells failures apart`(
        _ status: Int, _ body: String, _ headers: HTTPFields, _ code: ProviderError.Code, _ retry: ProviderError.Retry
    ) async throws {
        let error = await #expect(throws: ProviderError.self) {
            _ = try await client(ScriptedTransport(status, body, headers: headers))
                .create(ImageRequest(prompt: "p", marker: "m"), deadline: .seconds(5))
        }
        #expect(error?.code == code)
        #expect(error?.retry == retry)
    }

    private func client(
        _ transport: ScriptedTransport,
        model: ReplicateModel = ReplicateModel("black-forest-labs/flux-schnell", input: ["output_format": "png"])
    ) throws -> ReplicateClient {
        var settings = ReplicateClient.Settings(
            baseURL: try OutboundURL("https://api.replicate.com/v1"), key: Secret("r8_x"), model: model)
        settings.fileOrigins = ["http://127.0.0.1:9000"]
        return ReplicateClient(settings: settings, transport: transport) { Date(timeIntervalSince1970: 1_795_219_200) }
    }
}
