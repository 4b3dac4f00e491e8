import FoundationEssentials
import HTTPTypes
import Outbound
import Testing

@testable import Providers

@Suite struct `The client of an image endpoint` {
    static let picture = ImageFixture.png(1_536, 864)
    static let request = ImageRequest(prompt: "A loaf of rye", marker: "g1-1")

    static func answer(_ item: String, more: String = "") -> String { #"{"created":1,"data":[\#(item)]\#(more)}"# }
    static func inBase64(_ bytes: [UInt8]) -> String { #"{"b64_json":"\#(Data(bytes).base64EncodedString())"}"# }
    static func elsewhere(_ url: String) -> String { #"{"url":"\#(url)","revised_prompt":"p"}"# }

    // MARK: What is asked

    @Test func `asks for one picture, and returns it with the ticket`() async throws {
        let transport = ScriptedTransport(
            200, Self.answer(Self.inBase64(Self.picture)), headers: [.known("x-request-id"): "req_7"])

        let ticket = try await images(transport).create(Self.request, deadline: .seconds(60))

        let file = try ImageFile(checking: Self.picture)
        #expect(ticket == ImageTicket(id: "req_7", progress: .painted(file)))
        #expect(transport.requests.count == 1)
        let call = try #require(transport.requests.first)
        #expect(call.url.full == "https://api.openai.com/v1/images/generations")
        #expect(call.authorization == .bearer(Secret("sk-1")))
        #expect(call.headers[.clientRequestID] == "g1-1")
        #expect(call.headers[.contentType] == "application/json")
        #expect(call.responseBytesMax > ImageFile.bytesMax / 3 * 4)
        #expect(
            String(decoding: call.body, as: UTF8.self)
                == #"{"model":"gpt-image-2","prompt":"A loaf of rye","n":1,"size":"1536x864"}"#)
    }

    @Test(
        arguments: [
            ("gpt-image-2", nil), ("openai/gpt-image-1.5", nil), ("chatgpt-image-latest", nil),
            ("dall-e-3", "b64_json"), ("stable-diffusion-3.5", "b64_json"), ("my-gpt-image", "b64_json"),
        ] as [(String, String?)])
    func `asks for base64 where a model has the choice`(_ model: String, _ format: String?) async throws {
        let transport = ScriptedTransport(200, Self.answer(Self.inBase64(Self.picture)))

        _ = try await images(transport, model: model, size: .auto).create(Self.request, deadline: .seconds(60))

        let body = try #require(JSON(transport.requests.first?.body ?? []))
        #expect(body["response_format"]?.string == format)
        #expect(body["model"]?.string == model)
        #expect(body["size"] == nil)
    }

    @Test func `names a picture by our marker where the server gives no id`() async throws {
        let ticket = try await images(ScriptedTransport(200, Self.answer(Self.inBase64(Self.picture))))
            .create(Self.request, deadline: .seconds(60))

        #expect(ticket.id == "g1-1")
    }

    // MARK: Pictures that lie elsewhere

    @Test(arguments: [
        ("https://files.example/a.png", false), ("https://api.openai.com/files/a.png", true),
        ("http://api.openai.com/files/a.png", false), ("https://api.openai.com.evil.example/a.png", false),
    ])
    func `fetches what the answer only names, and shows its key to its own host alone`(
        _ url: String, _ showsKey: Bool
    ) async throws {
        let transport = Self.serving(Self.answer(Self.elsewhere(url))) { _ in
            OutboundResponse(status: 200, body: Self.picture)
        }

        let ticket = try await images(transport).create(Self.request, deadline: .seconds(60))

        let file = try ImageFile(checking: Self.picture)
        #expect(ticket.progress == .painted(file))
        #expect(transport.requests.map(\.url.full) == ["https://api.openai.com/v1/images/generations", url])
        #expect((transport.requests.last?.authorization != nil) == showsKey)
        #expect(transport.requests.last?.responseBytesMax == ImageFile.bytesMax)
    }

    @Test func `drops its key when the picture has moved`() async throws {
        let transport = Self.serving(Self.answer(Self.elsewhere("https://api.openai.com/a.png"))) { request in
            request.url.host == "api.openai.com"
                ? OutboundResponse(status: 302, headers: [.location: "https://storage.example/a.png"])
                : OutboundResponse(status: 200, body: Self.picture)
        }

        _ = try await images(transport).create(Self.request, deadline: .seconds(60))

        #expect(transport.requests.map { $0.authorization != nil } == [true, true, false])
    }

    @Test(arguments: [
        "http://169.254.169.254/latest", "https://127.0.0.1/a.png", "https://10.0.0.7/a.png",
        "http://files.example/a.png", "https://files.example:8443/a.png", "https://localhost/a.png",
        "file:///etc/passwd", "data:image/png;base64,AAAA", "https://user@files.example/a.png",
    ])
    func `does not follow an answer to where requests may not go`(_ url: String) async throws {
        let base = try OutboundURL("https://api.openai.com/v1")
        let transport = Self.serving(Self.answer(Self.elsewhere(url))) { request in
            _ = try DestinationGuard(trusting: [base]).judge(request.url)
            return OutboundResponse(status: 200, body: Self.picture)
        }

        let error = try await failure(of: images(transport))

        #expect([.rejected, .malformed].contains(error.code))
        #expect(error.retry == .never)
        #expect(error.usage != nil, "it was painted all the same")
    }

    @Test func `takes no more than a picture may have from elsewhere`() async throws {
        let transport = Self.serving(Self.answer(Self.elsewhere("https://files.example/a.png"))) { _ in
            OutboundResponse(status: 200, body: [UInt8](repeating: 0, count: ImageFile.bytesMax + 1))
        }

        let error = try await failure(of: images(transport))

        #expect(error.code == .malformed)
    }

    // MARK: What goes wrong

    @Test(arguments: `An OpenAI failure`.cases)
    func `tells failures apart as with texts`(_ item: `An OpenAI failure`.Case) async throws {
        let transport = ScriptedTransport(item.status, item.body, headers: item.headers)

        let error = try await failure(of: images(transport))

        #expect(error.code == item.code)
        #expect(error.retry == item.retry)
        #expect(error.sent)
        #expect(error.usage == nil)
        #expect(!error.message.contains("language") && !(error.hint ?? "").contains("resume model"))
    }

    @Test(arguments: [
        ("moderation_blocked", ProviderError.Code.contentFiltered), ("content_policy_violation", .contentFiltered),
        ("billing_hard_limit_reached", .quotaExhausted), ("invalid_value", .rejected), ("unknown_parameter", .rejected),
    ])
    func `tells the failures of pictures apart`(_ code: String, _ expected: ProviderError.Code) async throws {
        let body = `An OpenAI failure`.body("Your prompt about secret things", code: code)

        let error = try await failure(of: images(ScriptedTransport(400, body)))

        #expect(error.code == expected)
        #expect(error.retry == .never)
        #expect(!"\(error) \(error.hint ?? "") \(String(reflecting: error))".contains("secret"))
    }

    struct Useless: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var item: String
    }

    static let useless: [Useless] = [
        Useless(testDescription: "base64 cut off", item: #"{"b64_json":"iVBORw0KGgoAAAANSUhEUg"}"#),
        Useless(testDescription: "no base64", item: #"{"b64_json":"not base64, but words"}"#),
        Useless(testDescription: "half a picture", item: inBase64(Array(picture.prefix(36)))),
        Useless(testDescription: "a drawing", item: inBase64(Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8))),
        Useless(testDescription: "a GIF", item: inBase64(Array("GIF89a".utf8))),
        Useless(testDescription: "a page", item: inBase64(Array("<!doctype html><p>Sorry".utf8))),
        Useless(testDescription: "a bomb", item: inBase64(ImageFixture.png(100_000, 100_000))),
        Useless(testDescription: "no pixels", item: inBase64(ImageFixture.png(0, 864))),
    ]

    @Test(arguments: useless)
    func `refuses what is no picture, and says that it was paid`(_ useless: Useless) async throws {
        let usage = #","usage":{"input_tokens":12,"output_tokens":1000,"total_tokens":1012}"#
        let counted = ScriptedTransport(200, Self.answer(useless.item, more: usage))
        let uncounted = ScriptedTransport(200, Self.answer(useless.item))

        let error = try await failure(of: images(counted))

        #expect(error.code == .malformed)
        #expect(error.retry == .backoff)
        #expect(error.usage == TokenUse(inputTokens: 12, outputTokens: 1_000))
        let other = try await failure(of: images(uncounted))
        #expect(other.usage == TokenUse(inputTokens: 0, outputTokens: 0))
    }

    @Test(arguments: [
        #"{"data":[]}"#, #"{"data":null}"#, #"{"data":[{}]}"#, #"{"data":[{"b64_json":"","url":""}]}"#,
        #"{"data":[{"b64_json":null}]}"#, "[]", "",
    ])
    func `refuses an answer without a picture, which costs nothing unless it says so`(_ body: String) async throws {
        let error = try await failure(of: images(ScriptedTransport(200, body)))

        #expect(error.code == .malformed)
        #expect(error.retry == .backoff)
        #expect(error.usage == nil)
    }

    @Test func `does not ask again for an answer that is larger than any picture`() async throws {
        let transport = ScriptedTransport { _ in
            throw OutboundError(.bodyTooLarge, "too large", retry: .never, sent: true)
        }

        let error = try await failure(of: images(transport))

        #expect(error.code == .malformed)
        #expect(error.retry == .never)
    }

    @Test func `leaves cancellation what it is`() async throws {
        let transport = ScriptedTransport { _ in throw CancellationError() }

        await #expect(throws: CancellationError.self) {
            _ = try await images(transport).create(Self.request, deadline: .seconds(1))
        }
    }

    // MARK: Nothing to ask about

    @Test func `knows no orders: an answer that was lost is not found again`() async throws {
        let transport = ScriptedTransport { _ in
            throw OutboundError(.timedOut, "too late", retry: .backoff, sent: true)
        }
        let client = try images(transport)

        let error = try await failure(of: client)
        let found = try await client.find(
            marker: "g1-1", since: Date(timeIntervalSince1970: 0), deadline: .seconds(1))
        let progress = try await client.collect("order-of-another", deadline: .seconds(1))
        try await client.cancel("order-of-another", deadline: .seconds(1))

        #expect(error.code == .timedOut && error.sent && error.usage == nil)
        #expect(found == nil)
        guard case .failed(let failure) = progress else {
            Issue.record("\(progress)")
            return
        }
        #expect(failure.code == .expired && failure.isWorthRepeating)
        #expect(transport.requests.count == 1, "only the first call was one")
    }

    // MARK: A shop's pictures

    @Test(arguments: ["https://shop.example/a.png", "https://api.openai.com/v1/files/a.png"])
    func `fetches a shop's picture without a key`(_ url: String) async throws {
        let transport = ScriptedTransport { _ in OutboundResponse(status: 200, body: Self.picture) }

        let file = try await images(transport).download(url, deadline: .seconds(5))

        #expect((file.kind, file.width, file.height) == (.png, 1_536, 864))
        #expect(transport.requests.map { $0.authorization == nil } == [true])
    }

    @Test(
        arguments: [
            (404, "", [:], .gone, .never), (410, "", [:], .gone, .never), (403, "", [:], .rejected, .never),
            (429, "", [.retryAfter: "9"], .unavailable, .after(.seconds(9))), (429, "", [:], .unavailable, .backoff),
            (503, "", [:], .unavailable, .backoff), (302, "", [:], .rejected, .never),
            (301, "", [.location: "https://shop.example/a.png"], .malformed, .never),
            (200, "<p>Log in, please", [:], .malformed, .backoff), (200, "", [:], .malformed, .backoff),
        ] as [(Int, String, HTTPFields, ProviderError.Code, ProviderError.Retry)])
    func `tells the failures of a shop apart, which pause nobody else`(
        _ status: Int, _ body: String, _ headers: HTTPFields, _ code: ProviderError.Code, _ retry: ProviderError.Retry
    ) async throws {
        let transport = ScriptedTransport(status, body, headers: headers)

        let error = await #expect(throws: ProviderError.self) {
            _ = try await images(transport).download("https://shop.example/a.png", deadline: .seconds(5))
        }

        #expect(error?.code == code)
        #expect(error?.retry == retry)
    }

    // MARK: Support

    /// Answers the call for a picture with `answer`, and any other as `files` says.
    private static func serving(
        _ answer: String, files: @escaping @Sendable (OutboundRequest) throws -> OutboundResponse
    ) -> ScriptedTransport {
        ScriptedTransport { request in
            guard request.method == .post else { return try files(request) }
            return OutboundResponse(status: 200, body: Array(answer.utf8))
        }
    }

    private func images(
        _ transport: ScriptedTransport, model: String = "gpt-image-2",
        size: OpenAIImageSize = .pixels(width: 1_536, height: 864)
    ) throws -> OpenAIImages {
        let endpoint = OpenAIEndpoint(baseURL: try OutboundURL("https://api.openai.com/v1"), key: Secret("sk-1"))
        let settings = OpenAIImages.Settings(endpoint: endpoint, model: OpenAIImageModel(model), size: size)
        return OpenAIImages(settings: settings, transport: transport) { Date(timeIntervalSince1970: 1_795_219_200) }
    }

    private func failure(of client: OpenAIImages) async throws -> ProviderError {
        let error = await #expect(throws: ProviderError.self) {
            _ = try await client.create(Self.request, deadline: .seconds(60))
        }
        return try #require(error)
    }
}

@Suite struct `The size of a picture` {
    @Test(arguments: [
        ("auto", OpenAIImageSize.auto), ("AUTO", .auto), ("1536x864", .pixels(width: 1_536, height: 864)),
        ("64X3840", .pixels(width: 64, height: 3_840)),
    ])
    func `is read and written the same`(_ text: String, _ expected: OpenAIImageSize) {
        #expect(OpenAIImageSize(text) == expected)
        #expect("\(expected)" == text.lowercased())
    }

    @Test(arguments: [
        "", "x", "1024", "1024x", "x1024", "1024x1024x1024", "1024xx1024", "63x64", "3841x64", "+64x64", "-64x64",
        "64 x 64", "6.4e1x64", "big",
    ])
    func `is nothing else`(_ text: String) { #expect(OpenAIImageSize(text) == nil) }

    @Test func `is never more than a picture may have`() {
        #expect(OpenAIImageSize.sideBounds.upperBound * OpenAIImageSize.sideBounds.upperBound <= ImageFile.pixelsMax)
    }

    @Test(
        arguments: [
            (
                "gpt-image-2", ["1536x864", "2560x1440", "3840x1280", "1024x1024", "auto"],
                ["1536x860", "3840x1264", "3840x2400"]
            ),
            ("gpt-image-2-2026-04-21", ["1536x864"], ["1000x1000"]),
            ("gpt-image-1.5", ["1536x1024", "1024x1536", "auto"], ["1536x864"]),
            ("openai/gpt-image-1-mini", ["1024x1024"], ["1792x1024"]),
            ("dall-e-3", ["1792x1024", "auto"], ["1536x1024"]), ("dall-e-2", ["256x256"], ["1792x1024"]),
            ("stable-diffusion-3.5", ["1000x700", "64x64"], []),
        ] as [(String, [String], [String])])
    func `is one that the model draws`(_ name: String, _ drawn: [String], _ refused: [String]) throws {
        let model = OpenAIImageModel(name)

        for text in drawn {
            let size = try #require(OpenAIImageSize(text))
            #expect(model.objection(to: size) == nil, "\(text)")
        }
        for text in refused {
            let size = try #require(OpenAIImageSize(text))
            #expect(model.objection(to: size) != nil, "\(text)")
        }
        #expect(model.objection(to: model.standardSize) == nil)
    }
}
