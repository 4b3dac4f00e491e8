import Foundation
import HTTPTypes
import Outbound
import Sandbox
import TestSupport
import Testing

@testable import Publishers

/// A trap ends the whole run, so half of each claim is that its test ends.
@Suite struct `A fuzzed answer of Wix` {
    static let now = Date(timeIntervalSince1970: 1_795_219_200)
    static let statuses = [400, 401, 403, 404, 408, 409, 413, 428, 429, 500, 503, 204, 301, 600, 0, -1]

    @Test(arguments: WixScene.all)
    func `ends in what was asked for or in an error of ours, and takes our token nowhere else`(
        _ scene: WixScene
    ) async throws {
        let app = try Self.app()
        var spoilers = scene.answers.enumerated().map { place, answer in
            Mutations(of: [answer.body], seed: UInt64(place))
        }
        for turn in 0..<Mutations.inputs {
            let place = turn % scene.answers.count
            let body = spoilers[place].next()
            let status = turn % 5 == 0 ? Self.statuses[turn / 5 % Self.statuses.count] : 200
            let wix = SpoiledWix(scene, at: place, OutboundResponse(status: status, body: body))
            let publishers = WixPublishers(app, transport: wix, clock: ContinuousClock()) { Self.now }
            func what() -> String { "\(scene.answers[place].request), \(status): \(Mutations.shown(body))" }

            do { try await scene.act(publishers) } catch let error as PublisherError {
                let complaint = Self.complaint(about: error)
                try #require(complaint == nil, "\(error), \(what())")
            } catch {
                Issue.record("\(error), \(what())")
                return
            }
            let strangers = wix.requests.filter { $0.authorization != nil && $0.url.origin != app.baseURL.origin }
            try #require(strangers.isEmpty, "\(what())")
            try #require(wix.requests.count <= 60, "\(what())")
        }
    }

    @Test func `that is a failure is classified in a few words, with a wait that ends`() throws {
        let subjects: [WixFailure.Subject] = [.site, .draft, .product, .upload]
        let requestID = try #require(HTTPField.Name("x-wix-request-id"))
        var bodies = Mutations(
            of: [
                """
                {"message":"no","details":{"validationError":{"fieldViolations":[
                 {"field":"draftPost.title","description":"too long","violatedRule":"MAX_LENGTH"}]}}}
                """,
                #"{"message":"no","details":{"applicationError":{"code":"DUPLICATE","description":"There is one"}}}"#,
                #"{"message":"","details":null}"#, #"{"message":"PERMISSION_DENIED","details":{}}"#, "<html>",
            ], seed: 1)
        var waits = Mutations(of: ["7", "1.5", "Sun, 06 Nov 1994 08:49:37 GMT"], seed: 2)
        var turn = 0

        let complaint = bodies.firstComplaint { body in
            turn += 1
            var response = OutboundResponse(status: Self.statuses[turn % Self.statuses.count], body: body)
            let name: HTTPField.Name = turn % 2 == 0 ? .retryAfter : requestID
            response.headers[name] = waits.nextText()
            _ = WixFailure.refusal(in: response)
            return [
                WixFailure.error(response, about: subjects[turn % subjects.count], now: Self.now),
                WixFailure.error(tokenAnswer: response, now: Self.now),
                WixFailure.refused(response, pause: .seconds(1), now: Self.now), WixFailure.barred(response),
            ].compactMap { Self.complaint(about: $0) }.first
        }

        #expect(complaint == nil)
    }

    @Test func `that is a signed instance names a site only as it was signed`() throws {
        let good = WixSigner.instance("site-1", app: "app", secret: "app-secret", until: Self.now + 60)
        let reader = WixSignedInstance(try Self.app())
        var texts = Mutations(of: [good], seed: 3)

        let complaint = texts.firstComplaint { text in
            let owner = reader.owner(in: String(decoding: text, as: UTF8.self), now: Self.now)
            return owner == nil || owner == "site-1" ? nil : "names another site"
        }

        #expect(reader.owner(in: good, now: Self.now) == "site-1")
        #expect(complaint == nil)
    }

    @Test func `that is a signed instance is read whatever was signed`() throws {
        let good = """
            {"instanceId":"site-1","appDefId":"app","signDate":"2026-11-21T00:00:00.000Z","permissions":"OWNER",
             "expirationDate":"2026-11-21T04:00:00.000Z"}
            """
        let reader = WixSignedInstance(try Self.app())
        var payloads = Mutations(of: [good], seed: 4)
        func owner(_ payload: [UInt8]) -> String? {
            reader.owner(in: WixSigner.instance(payload: payload, secret: "app-secret"), now: Self.now)
        }

        // Nil or anything that was signed: only that it ends counts.
        for _ in 0..<Mutations.inputs { _ = owner(payloads.next()) }

        #expect(owner(Array(good.utf8)) == "site-1")
    }

    private static let signer = Result { try WixSigner() }

    @Test func `that is a webhook is an event only as it was signed`() throws {
        let signer = try Self.signer.get()
        let reader = try WixWebhooks(pem: signer.publicKey)
        let body = try signer.jwt("AppInstalled", "site-1", at: Self.now)
        let event = try #require(reader.event(in: body, now: Self.now))
        var bodies = Mutations(of: [body], seed: 5)

        let complaint = bodies.firstComplaint { spoiled in
            let found = reader.event(in: spoiled, now: Self.now)
            return found == nil || found == event ? nil : "another event"
        }

        #expect(complaint == nil)
    }

    @Test func `that is a webhook is read whatever was signed`() throws {
        let signer = try Self.signer.get()
        let reader = try WixWebhooks(pem: signer.publicKey)
        var kinds = Mutations(of: ["AppInstalled", "AppRemoved", #"AppRemoved\",\"x\":\""#], seed: 6)
        var sites = Mutations(
            of: ["site-1", #"site-1\"}","iat":1795219200,"exp":1795219200,"x":"{\""#, #"x","exp":1e300,"y":""#],
            seed: 7)

        // Signing takes a hundred times as long as reading.
        for _ in 0..<(Mutations.inputs / 20) {
            _ = reader.event(in: try signer.jwt(kinds.nextText(), sites.nextText(), at: Self.now), now: Self.now)
        }

        let body = try signer.jwt("AppRemoved", "site-1", at: Self.now)
        #expect(reader.event(in: body, now: Self.now)?.kind == .removed)
    }

    private static func app() throws -> WixApp {
        WixApp(baseURL: try OutboundURL("https://www.wixapis.com"), id: "app", secret: Secret("app-secret"))
    }

    private static func complaint(about error: PublisherError) -> String? {
        guard "\(error) \(error.hint ?? "")".utf8.count <= 2_000 else { return "says too much" }
        let wait: Duration? =
            switch error.retry {
            case .after(let wait): wait
            case .refused(after: let wait): wait
            case .never, .backoff: nil
            }
        return wait.map { (Duration.zero...RetryAfter.longest).contains($0) } ?? true ? nil : "a wait without end"
    }
}

@Suite struct `A fuzzed text` {
    static let markdown = [
        "# Rye\n\n## Flour *and* water\n\nRye has **little** gluten: [why](https://e.example/a_(b)?c=d&e).\n\n"
            + "1. Mix `flour`\n   - fine\n2. Wait\n\n> Patience\n\n```swift\nlet a = 1 < 2\n```\n\n---\n<b>x</b>\n",
        "Title\n=====\n\n![alt](https://e.example/i.png) <https://e.example/> &amp; \\*no\\*  \nnext\\\nlast **x**_y_",
    ]

    @Test func `becomes a page and a Wix post, and nothing else`() {
        var texts = Mutations(of: Self.markdown, seed: 8)

        let complaint = texts.firstComplaint { bytes in
            let document = MarkdownDocument(String(decoding: bytes, as: UTF8.self)).withoutHeading("Rye")
            if let breach = HTMLRules.breaches(in: document.html()).first { return breach }
            let json = try? JSONValue(parsing: RicosDocument(document).json.bytes)  // Nil says it.
            guard let nodes = json?["nodes"]?.items else { return "no JSON" }
            return RicosBreaches.found(in: nodes).first
        }

        #expect(complaint == nil)
    }

    @Test func `of front matter is nothing, or the same when written and read again`() {
        var record = PostRecord(slug: "a", title: "He said: \"no\" 日本", date: Fixture.date)
        record.tags = ["a, b", "c\"d"]
        record.marker = "g1"
        record.image = "image.png"
        let byHand = "---\ntitle: Hello\ntags: [a, 'b c']\nmarker: g1\ndate: 2026-11-21\nimage: x.png\n---\nBody\n"
        var files = Mutations(of: [FrontMatter.write(record) + "\nBody\n", byHand], seed: 9)

        let complaint = files.firstComplaint { bytes in
            let file = String(decoding: bytes, as: UTF8.self)
            guard let read = FrontMatter.read(file, slug: "a")?.record else { return nil }
            guard let again = FrontMatter.read(FrontMatter.write(read), slug: "a")?.record else { return "lost" }
            guard FrontMatter.published(file) != nil else { return "cannot be published" }
            return again.title == read.title && again.tags == read.tags && again.marker == read.marker
                && again.isDraft == read.isDraft && again.image == read.image ? nil : "changed"
        }

        #expect(complaint == nil)
    }
}
