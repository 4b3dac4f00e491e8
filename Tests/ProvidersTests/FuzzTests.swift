import FoundationEssentials
import HTTPTypes
import Outbound
import TestSupport
import Testing

@testable import Providers

/// A trap ends the whole run, so half of each claim is that its test ends.
@Suite struct `A fuzzed answer of a provider` {
    static let now = Date(timeIntervalSince1970: 784_111_777)
    static let statuses = [
        200, 400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 425, 429, 429, 429, 500, 502, 503, 529, 204, 301, 600, 0,
        -1,
    ]
    static let headerNames = [
        "retry-after", "retry-after-ms", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-tokens", "x-request-id",
    ]

    // MARK: Language models

    @Test func `of chat completions is read, or refused in our words`() {
        var answers = Mutations(of: GoodAnswers.chat, seed: 1)

        let complaint = answers.firstComplaint { body in
            let answer = ChatResponse(OutboundResponse(status: 200, body: body), now: Self.now)
            return Self.complaint(about: Result { () throws(ProviderError) in try answer.completion() })
        }

        #expect(complaint == nil)
    }

    @Test func `of the newer protocol is read, or refused in our words`() {
        var answers = Mutations(of: GoodAnswers.responses, seed: 2)

        let complaint = answers.firstComplaint { body in
            let answer = ResponsesAnswer(OutboundResponse(status: 200, body: body), now: Self.now)
            return Self.complaint(about: Result { () throws(ProviderError) in try answer.completion() })
        }

        #expect(complaint == nil)
    }

    @Test func `that is a failure is classified in our words, with a wait that ends`() {
        var answers = Mutations(of: GoodAnswers.failures, seed: 3)
        var values = Mutations(of: GoodAnswers.headerValues, seed: 4)
        var turn = 0

        let complaint = answers.firstComplaint { body in
            turn += 1
            let name = HTTPField.Name.known(Self.headerNames[turn % Self.headerNames.count])
            let response = OutboundResponse(
                status: Self.statuses[turn % Self.statuses.count], headers: [name: values.nextText()], body: body)
            return Self.complaint(about: OpenAIFailure(response, now: Self.now).error)
                ?? Self.complaint(about: ReplicateFailure.error(response, now: Self.now))
        }

        #expect(complaint == nil)
    }

    @Test func `tells limits and waits that can be kept, or none`() {
        var values = Mutations(of: GoodAnswers.headerValues, seed: 5)

        let complaint = values.firstComplaint { value in
            let text = String(decoding: value, as: UTF8.self)
            var headers = HTTPFields()
            for name in Self.headerNames { headers[.known(name)] = text }
            let report = RateLimitReport(headers)
            let waits = [
                report.requests?.reset, report.tokens?.reset, WaitPhrase.duration(text),
                RetryAfter.wait(in: [.retryAfter: text], now: Self.now), RetryAfter.wait(in: headers, now: Self.now),
                WaitPhrase.seconds(in: "CANARY \(text) in \(text)", after: "in "),
            ]
            return waits.compactMap(\.self).allSatisfy(Self.isKept) ? nil : "a wait without end"
        }

        #expect(complaint == nil)
    }

    @Test func `lists models or is refused`() async throws {
        var answers = Mutations(of: GoodAnswers.models, seed: 6)
        let endpoint = OpenAIEndpoint(baseURL: try OutboundURL("https://api.openai.com/v1"), key: nil)
        for _ in 0..<Mutations.inputs {
            let body = answers.next()
            let transport = ScriptedTransport { _ in OutboundResponse(status: 200, body: body) }
            let client = OpenAIClient(endpoint: endpoint, transport: transport) { Self.now }
            do { _ = try await client.models(deadline: .seconds(5)) } catch let error as ProviderError {
                let complaint = Self.complaint(about: error)
                try #require(complaint == nil, "\(Mutations.shown(body))")
            }
        }
    }

    @Test func `that should fit a schema fits it, or it is said what does not`() {
        let schema = `A JSON schema`.ideas
        var answers = Mutations(of: GoodAnswers.ideas, seed: 7)

        let complaint = answers.firstComplaint { content in
            let completion = Completion(content: String(decoding: content, as: UTF8.self), usage: nil, model: "m")
            switch completion.value(matching: schema) {
            case .valid(let json): return schema.check(json).isEmpty ? nil : "fits and does not fit"
            case .invalid(let problems):
                let isBounded = (1...JSONSchema.problemsMax).contains(problems.count)
                let words = problems.map(\.description).joined()
                return isBounded && !words.contains("CANARY") ? nil : words
            }
        }

        #expect(complaint == nil)
    }

    @Test func `that is JSON is the same when it is written and read again`() {
        var answers = Mutations(of: GoodAnswers.chat + GoodAnswers.ideas + GoodAnswers.predictions, seed: 8)

        let complaint = answers.firstComplaint { body in
            guard let json = JSON(body) else { return nil }
            return JSON(text: json.jsonText.text) == json ? nil : "another value"
        }

        #expect(complaint == nil)
    }

    // MARK: Pictures

    @Test func `says how an order of a picture stands`() {
        var answers = Mutations(of: GoodAnswers.predictions, seed: 9)
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")

        let complaint = answers.firstComplaint { body in
            switch Result(catching: { () throws(ProviderError) in try Prediction(body) }) {
            case .failure(let error): return Self.complaint(about: error)
            case .success(let prediction):
                let isPlain = (1...128).contains(prediction.id.count) && prediction.id.allSatisfy { plain.contains($0) }
                guard isPlain else { return "an id that leads elsewhere" }
                guard case .failed(let failure) = prediction.ticket.progress else { return nil }
                return failure.message.contains("CANARY") ? failure.message : nil
            }
        }

        #expect(complaint == nil)
    }

    @Test func `that lists orders takes our key to no other server`() async throws {
        var answers = Mutations(of: GoodAnswers.pages, seed: 10)
        for _ in 0..<Mutations.inputs {
            let body = answers.next()
            let transport = ScriptedTransport { request in
                let isFirst = request.url.query?.hasPrefix("created_after") == true
                return OutboundResponse(status: 200, body: isFirst ? body : Array(#"{"results":[]}"#.utf8))
            }
            do {
                _ = try await client(transport).find(marker: "m", since: Self.now, deadline: .seconds(5))
            } catch let error as ProviderError {
                let complaint = Self.complaint(about: error)
                try #require(complaint == nil, "\(Mutations.shown(body))")
            } catch is OutboundError {}
            try #require(Self.isOurs(transport.requests), "\(Mutations.shown(body))")
        }
    }

    @Test func `that moves a picture takes our key to no other server`() async throws {
        var locations = Mutations(of: GoodAnswers.locations, seed: 11)
        for _ in 0..<Mutations.inputs {
            let location = locations.nextText()
            let transport = ScriptedTransport { request in
                request.url.full == "https://replicate.delivery/begin"
                    ? OutboundResponse(status: 302, headers: [.location: location])
                    : OutboundResponse(status: 200, body: ImageFixture.png(3, 2))
            }
            do {
                _ = try await client(transport).download("https://replicate.delivery/begin", deadline: .seconds(5))
            } catch let error as ProviderError {
                let complaint = Self.complaint(about: error)
                try #require(complaint == nil, "\(location.debugDescription)")
            }
            try #require(Self.isOurs(transport.requests), "\(location.debugDescription)")
        }
    }

    @Test func `of an image endpoint is a picture or refused, and takes our key to no other server`() async throws {
        var answers = Mutations(of: GoodAnswers.pictures, seed: 19)
        let endpoint = OpenAIEndpoint(baseURL: try OutboundURL("https://api.replicate.com/v1"), key: Secret("sk-1"))
        let settings = OpenAIImages.Settings(endpoint: endpoint, model: OpenAIImageModel("gpt-image-2"), size: .auto)
        for _ in 0..<Mutations.inputs {
            let body = answers.next()
            let transport = ScriptedTransport { request in
                let isAsked = request.url.path == "/v1/images/generations"
                return OutboundResponse(status: 200, body: isAsked ? body : ImageFixture.png(3, 2))
            }
            let images = OpenAIImages(settings: settings, transport: transport) { Self.now }
            do {
                _ = try await images.create(ImageRequest(prompt: "p", marker: "m"), deadline: .seconds(5))
            } catch let error as ProviderError {
                let complaint = Self.complaint(about: error)
                try #require(complaint == nil, "\(Mutations.shown(body))")
            }
            try #require(Self.isOurs(transport.requests), "\(Mutations.shown(body))")
        }
    }

    @Test func `that is a picture is one of a bearable size, or refused`() {
        var answers = Mutations(of: GoodAnswers.images, seed: 12)

        let complaint = answers.firstComplaint { bytes in
            switch Result(catching: { () throws(ProviderError) in try ImageFile(checking: bytes) }) {
            case .failure(let error): return Self.complaint(about: error)
            case .success(let file):
                let sides = 1...ImageFile.pixelsMax
                guard sides.contains(file.width), sides.contains(file.height), file.bytes == bytes else {
                    return "a picture of \(file.width) × \(file.height)"
                }
                return file.width * file.height <= ImageFile.pixelsMax ? nil : "a bomb"
            }
        }

        #expect(complaint == nil)
    }

    // MARK: Webhooks

    @Test func `that is a webhook passes only as it was signed`() throws {
        let signer = try WebhookSignature(secret: Self.secret)
        let sent = Array(#"{"id":"gm3qorzdhgbf","status":"succeeded"}"#.utf8)
        let good = Self.headers("msg_1", "784111777", signer.sign(id: "msg_1", timestamp: 784_111_777, body: sent))
        var bodies = Mutations(of: [sent], seed: 13)
        var values = Mutations(of: good.map(\.value), seed: 14)
        var turn = 0

        let complaint = bodies.firstComplaint { spoiled in
            turn += 1
            var headers = good
            let place = turn % 4
            if place < 3 { headers[headers[place].name] = values.nextText() }
            let body = place < 3 ? sent : spoiled
            let verdict = Result { () throws(WebhookError) in try signer.verify(headers, body: body, now: Self.now) }
            guard case .success(let id) = verdict else { return nil }
            let isAsSigned = body == sent && id == "msg_1" && headers[.known("webhook-timestamp")] == "784111777"
            return isAsSigned ? nil : "accepted, with \(headers)"
        }

        #expect(try signer.verify(good, body: sent, now: Self.now) == "msg_1")
        #expect(complaint == nil)
    }

    @Test func `is not verified with a secret that is none`() {
        var secrets = Mutations(of: [Self.secret.exposed], seed: 15)

        let complaint = secrets.firstComplaint { text in
            let secret = Secret(String(decoding: text, as: UTF8.self))
            let made = Result { () throws(WebhookError) in try WebhookSignature(secret: secret) }
            guard case .failure(let error) = made else { return nil }
            return error == .badSecret ? nil : "\(error)"
        }

        #expect(complaint == nil)
    }

    // MARK: What is written and read again

    @Test func `that asks for a wait in words is understood to the millisecond`() {
        var chance = EngineChance(seed: 16)
        for _ in 0..<Mutations.inputs {
            let wait = Int.random(in: 0..<86_400_000, using: &chance)
            let (minutes, milliseconds) = wait.quotientAndRemainder(dividingBy: 60_000)
            let text = "\(minutes / 60)h\(minutes % 60)m\(milliseconds)ms"

            #expect(WaitPhrase.duration(text) == .milliseconds(wait), "\(text)")
        }
    }

    @Test func `that asks for a wait by a date is understood to the second`() throws {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var chance = EngineChance(seed: 17)
        for _ in 0..<Mutations.inputs {
            let month = Int.random(in: 0...11, using: &chance)
            let (year, day) = (Int.random(in: 1_970...2_399, using: &chance), Int.random(in: 1...28, using: &chance))
            let clock = [23, 59, 59].map { Self.two(Int.random(in: 0...$0, using: &chance)) }.joined(separator: ":")
            // Another reader's idea of the same moment.
            let date = try Date.ISO8601FormatStyle().parse("\(year)-\(Self.two(month + 1))-\(Self.two(day))T\(clock)Z")
            let name = months[month]

            for text in ["Sun, \(Self.two(day)) \(name) \(year) \(clock) GMT", "Sun \(name) \(day) \(clock) \(year)"] {
                let wait = RetryAfter.wait(in: [.retryAfter: text], now: date.addingTimeInterval(-77))
                #expect(wait == .seconds(77), "\(text)")
            }
        }
    }

    @Test func `is the same one in every run`() {
        var (one, two) = (Mutations(of: GoodAnswers.chat, seed: 18), Mutations(of: GoodAnswers.chat, seed: 18))
        let first = (0..<500).map { _ in one.next() }
        let second = (0..<500).map { _ in two.next() }

        #expect(first == second)
        #expect(Set(first).count > 400)
        // Some can still be read, or only the doors of the parsers would be tried.
        #expect(first.contains(where: { JSON($0) != nil }))
        #expect(first.contains(where: { JSON($0) == nil }))
    }

    // MARK: Set-up

    private static let secret = Secret("whsec_c2FuZGJveC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2RlZg==")

    /// More than any model has ever charged for one answer, and little enough to be added up and priced.
    private static let tokensMax = 1_000_000_000

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func headers(_ id: String, _ timestamp: String, _ signature: String) -> HTTPFields {
        [
            .known("webhook-id"): id, .known("webhook-timestamp"): timestamp, .known("webhook-signature"): signature,
        ]
    }

    private func client(_ transport: ScriptedTransport) throws -> ReplicateClient {
        let settings = ReplicateClient.Settings(
            baseURL: try OutboundURL("https://api.replicate.com/v1"), key: Secret("r8_x"), model: ReplicateModel("a/b"))
        return ReplicateClient(settings: settings, transport: transport) { Self.now }
    }

    /// Whether nobody but the provider was shown our key.
    private static func isOurs(_ requests: [OutboundRequest]) -> Bool {
        requests.allSatisfy { request in
            let url = request.url
            let isKnown =
                url.host == "api.replicate.com" || url.host == "replicate.delivery"
                || url.host.hasSuffix(".replicate.delivery")
            return request.authorization == nil || url.scheme == .https && url.port == 443 && isKnown
        }
    }

    private static func complaint(about outcome: Result<Completion, ProviderError>) -> String? {
        switch outcome {
        case .failure(let error): return complaint(about: error)
        case .success(let completion):
            if completion.content.isEmpty { return "read, and empty" }
            return complaint(about: completion.usage) ?? complaint(about: completion.rateLimits)
        }
    }

    private static func complaint(about error: ProviderError) -> String? {
        let told = "\(error) \(error.hint ?? "")"
        if told.contains("CANARY") || told.utf8.count > 500 { return "says too much: \(told)" }
        switch error.retry {
        case .after(let wait) where !isKept(wait), .refused(after: let wait?) where !isKept(wait):
            return "a wait without end"
        default: return complaint(about: error.usage) ?? complaint(about: error.rateLimits)
        }
    }

    private static func complaint(about usage: TokenUse?) -> String? {
        guard let usage else { return nil }
        let counts = [usage.inputTokens, usage.outputTokens, usage.cachedTokens]
        let isBounded = counts.allSatisfy { (0...tokensMax).contains($0) } && usage.cachedTokens <= usage.inputTokens
        return isBounded ? nil : "charges \(counts) tokens"
    }

    private static func complaint(about report: RateLimitReport) -> String? {
        let resets = [report.requests?.reset, report.tokens?.reset].compactMap(\.self)
        return resets.allSatisfy(isKept) ? nil : "a wait without end"
    }

    private static func isKept(_ wait: Duration) -> Bool { (Duration.zero...RetryAfter.day).contains(wait) }
}
