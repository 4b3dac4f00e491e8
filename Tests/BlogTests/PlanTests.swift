import Engine
import ProductKit
import Testing

@testable import Blog

/// The plan alone: no database, no worker.
@Suite struct `The plan of a generation` {
    typealias Step = BlogGeneration.Step

    @Test func `a keyword begins with ideas`() throws {
        #expect(try plan(.enqueued) == "run ideas#1 on model for 2000")
    }

    @Test func `a product is read before anything is written about it`() throws {
        let product = brief { $0.sourceType = .product }
        #expect(try plan(.enqueued, product) == "run source#1 on sites for 1")
        #expect(try plan(.recorded, product, [.source(image: nil)]) == "run ideas#1 on model for 2000")
    }

    @Test func `a product that came with the request is not read again`() throws {
        let given = brief {
            $0.sourceType = .product
        } product: {
            Product(id: "1", title: "Basket")
        }
        #expect(try plan(.enqueued, given) == "run ideas#1 on model for 2000")
    }

    @Test func `an idea that came with the request goes straight to the article`() throws {
        let chosen = brief { $0.selectedIdea = Idea(title: "Nine Loaves") }
        #expect(try plan(.enqueued, chosen) == "run content#1 on model for 4000")
    }

    @Test func `a long article is charged for its length before it is begun`() throws {
        let long = brief {
            $0.selectedIdea = Idea(title: "Nine Loaves")
            $0.words = 3_000
        }
        let words = try plan(.enqueued, long).split(separator: " ")
        let cost = try #require(Int(words.last ?? ""))
        #expect((9_600...10_400).contains(cost))
    }

    @Test func `ideas wait for their owner, two weeks at most`() throws {
        #expect(try plan(.recorded, results: [.ideas(1)]) == "wait selection#1 for 1209600.0 seconds")
    }

    @Test func `a selection leads to the article, also one that came before the ideas`() throws {
        let pick = ["selection#1": Self.pick(2)]
        #expect(
            try plan(.signalled("selection#1"), results: [.ideas(1)], signals: pick)
                == "run content#1 on model for 4000")
        #expect(try plan(.enqueued, signals: pick) == "run ideas#1 on model for 2000")
        #expect(try plan(.recorded, results: [.ideas(1)], signals: pick) == "run content#1 on model for 4000")
    }

    @Test func `the first idea is taken when nobody is to be asked`() throws {
        #expect(try plan(.recorded, brief { $0.autoSelect = true }, [.ideas(1)]) == "run content#1 on model for 4000")
    }

    @Test func `other ideas are a second round with a selection of its own`() throws {
        let more = ["selection#1": Self.more]
        #expect(
            try plan(.signalled("selection#1"), results: [.ideas(1)], signals: more) == "run ideas#2 on model for 2000")
        #expect(
            try plan(.recorded, results: [.ideas(1), .ideas(2)], signals: more)
                == "wait selection#2 for 1209600.0 seconds")
        let picked = more.merging(["selection#2": Self.pick(0)]) { one, _ in one }
        #expect(
            try plan(.recorded, results: [.ideas(1), .ideas(2)], signals: picked) == "run content#1 on model for 4000")
    }

    @Test func `ideas are not made without end`() throws {
        let signals = Dictionary(uniqueKeysWithValues: (1...20).map { ("selection#\($0)", Self.more) })
        let rounds = (1...Selection.roundsMax).map { Done.ideas($0) }
        #expect(try plan(.recorded, results: rounds, signals: signals) == "run content#1 on model for 4000")
    }

    @Test func `ideas that nobody answers expire, and a retry offers them again`() throws {
        #expect(try plan(.timer, results: [.ideas(1)]) == "fail selection.expired")
        #expect(try plan(.retried, results: [.ideas(1)]) == "wait selection#1 for 1209600.0 seconds")
    }

    // MARK: The picture

    @Test func `the article is followed by its picture`() throws {
        #expect(try plan(.recorded, results: [.written]) == "run image#1 on images for 1")
        #expect(try plan(.recorded, results: [.written, .order()]) == "wait image#1 for 1.0 seconds")
        #expect(try plan(.timer, results: [.written, .order()]) == "run collect#1 on image-files for 1")
    }

    @Test func `questions about a picture come less often each time`() throws {
        let asked = [Done.written, .order(), .collected(.pending, question: 1)]
        #expect(try plan(.recorded, results: asked) == "wait image#1 for 2.0 seconds")
        let twice = asked + [.collected(.pending, question: 2, round: 2)]
        #expect(try plan(.recorded, results: twice) == "wait image#1 for 5.0 seconds")
        #expect(try plan(.timer, results: twice) == "run collect#3 on image-files for 1")
    }

    @Test func `the provider's report is followed at once, and time decides when it was premature`() throws {
        let report = ["image#1": Signal(payload: nil, by: "provider", at: 0)]
        let order = [Done.written, .order()]
        #expect(
            try plan(.signalled("image#1"), results: order, signals: report) == "run collect#1 on image-files for 1")
        let early = order + [.collected(.pending, question: 1)]
        #expect(try plan(.recorded, results: early, signals: report) == "sleep 2.0 seconds")
    }

    @Test func `a picture that is ready at once is fetched at once`() throws {
        #expect(try plan(.recorded, results: [.written, .order(url: "u")]) == "run collect#1 on image-files for 1")
    }

    @Test func `a picture that came with the answer to its order is not asked for`() throws {
        #expect(try plan(.recorded, results: [.written, .painted]) == "run draft#1 on sites for 1")
    }

    @Test(arguments: [
        (false, ["images", "image-files", "image-files", "sites"]), (true, ["images", "sites"]),
    ])
    func `the way that is left counts painting once`(_ paintsAtOnce: Bool, _ pools: [String]) {
        var settings = BlogGeneration.Settings(ideasModel: "small", articleModel: "large", imageModel: "painter")
        settings.paintsAtOnce = paintsAtOnce
        let job = Job(id: JobID(rawValue: 1), tenant: TenantID(rawValue: 1), input: brief())

        let legs = BlogGeneration(world: .none, settings: settings).itinerary(from: .image, of: job)

        #expect(legs.map { "\($0.pool)" } == pools)
        #expect(legs.map(\.duration).max() == settings.typical.painting)
    }

    @Test func `an order that failed by chance is placed once more`() throws {
        let failed = [Done.written, .order(), .collected(.failed, isWorthRepeating: true)]
        #expect(try plan(.recorded, results: failed) == "run image#2 on images for 1")
        let again = failed + [.order(round: 2)]
        #expect(try plan(.recorded, results: again) == "wait image#2 for 1.0 seconds")
        let twice = again + [.collected(.failed, order: 2, round: 2, isWorthRepeating: true)]
        #expect(try plan(.recorded, results: twice) == "run draft#1 on sites for 1")
    }

    @Test(arguments: [
        [Done.order(failure: "provider.rejected")],
        [Done.order(), .collected(.failed)],
        [Done.order(), .collected(.failed, order: nil)],
        [Done.order(), .collected(.ready)],
    ])
    func `whatever became of the picture, the article goes on`(_ results: [Done]) throws {
        #expect(try plan(.recorded, results: [.written] + results) == "run draft#1 on sites for 1")
    }

    @Test func `no picture is ordered that nobody wants or can paint`() throws {
        #expect(try plan(.recorded, brief { $0.image = ImageMode.none }, [.written]) == "run draft#1 on sites for 1")
        #expect(try plan(.recorded, results: [.written], paints: false) == "run draft#1 on sites for 1")
    }

    @Test func `a product's own picture is downloaded, not ordered`() throws {
        let own = brief {
            $0.sourceType = .product
            $0.image = .product
        }
        #expect(try plan(.recorded, own, [.source(image: "u"), .written]) == "run image#1 on image-files for 1")
        #expect(try plan(.recorded, own, [.source(image: nil), .written]) == "run draft#1 on sites for 1")
    }

    // MARK: The site

    @Test func `a draft is the end unless more was asked for`() throws {
        let drafted = [Done.written, .order(failure: "x"), .drafted]
        #expect(try plan(.recorded, results: drafted) == "finish")
        let publish = brief { $0.publishMode = .publish }
        #expect(try plan(.recorded, publish, drafted) == "run publish#1 on sites for 1")
        #expect(try plan(.recorded, publish, drafted + [.published]) == "finish")
    }

    @Test func `a scheduled post sleeps until its time by the clock on the wall`() throws {
        let later = brief {
            $0.publishMode = .schedule
            $0.publishAt = Timestamp(milliseconds: 1)
        }
        let drafted = [Done.written, .order(failure: "x"), .drafted]
        #expect(try plan(.recorded, later, drafted) == "run schedule#1 on sites for 1")
        let read = drafted + [.due(60_000)]
        #expect(try plan(.recorded, later, read) == "sleep 60.0 seconds")
        #expect(try plan(.timer, later, read) == "run schedule#2 on sites for 1")
        #expect(try plan(.retried, later, read) == "run schedule#2 on sites for 1")
        #expect(try plan(.recorded, later, read + [.due(0, round: 2)]) == "run publish#1 on sites for 1")
    }

    // MARK: Support

    private static func pick(_ index: Int) -> Signal { Signal(payload: "{\"index\":\(index)}", by: "owner", at: 0) }
    private static let more = Signal(payload: "{\"regenerate\":true}", by: "owner", at: 0)

    private func brief(
        _ change: (inout GenerationRequest) -> Void = { _ in }, product: () -> Product? = { nil }
    ) -> Brief {
        var request = GenerationRequest(sourceId: "bread")
        change(&request)
        return Brief(request, for: .sample, product: product())
    }

    private func plan(
        _ cause: JobProgress<Step>.Cause, results: [Done] = [], signals: [String: Signal] = [:], paints: Bool = true
    ) throws -> String {
        try plan(cause, brief(), results, signals: signals, paints: paints)
    }

    private func plan(
        _ cause: JobProgress<Step>.Cause, _ brief: Brief, _ results: [Done] = [], signals: [String: Signal] = [:],
        paints: Bool = true
    ) throws -> String {
        var settings = BlogGeneration.Settings(ideasModel: "small", articleModel: "large", imageModel: "painter")
        settings.paintsImages = paints
        let workflow = BlogGeneration(world: .none, settings: settings)
        let job = Job(id: JobID(rawValue: 1), tenant: TenantID(rawValue: 1), input: brief)
        let done = JobProgress<Step>(
            cause: cause, results: results.map { ($0.step, $0.round, $0.json) }, signals: signals)
        return try workflow.next(after: done, of: job).words
    }
}

/// A recorded result.
struct Done: Sendable {
    var step: BlogGeneration.Step
    var round = 1
    var json: String

    static let written = Done(step: .content, json: #"{"title":"T","imagePrompt":"P","words":900,"wasRepaired":false}"#)
    static let drafted = Done(step: .draft, json: #"{"id":"post-1"}"#)
    static let painted = Done(step: .image, json: #"{"id":"call-1","isPainted":true}"#)
    static let published = Done(step: .publish, json: #"{"id":"post-1","url":"u"}"#)
    static func ideas(_ round: Int) -> Done { Done(step: .ideas, round: round, json: Sample.ideas("Round \(round)")) }
    static func source(image: String?) -> Done {
        Done(
            step: .source,
            json:
                #"{"id":"1","title":"Basket","description":"","facts":[]\#(image.map { ",\"image\":\"\($0)\"" } ?? "")}"#
        )
    }
    static func order(round: Int = 1, url: String? = nil, failure: String? = nil) -> Done {
        let json =
            failure.map { #"{"failure":{"code":"\#($0)","message":"m"}}"# }
            ?? url.map { #"{"id":"o","url":"\#($0)"}"# } ?? #"{"id":"o"}"#
        return Done(step: .image, round: round, json: json)
    }
    static func collected(
        _ outcome: BlogGeneration.Collected.Outcome, order: Int? = 1, question: Int = 1, round: Int = 1,
        isWorthRepeating: Bool = false
    ) -> Done {
        let which = order.map { "\"order\":\($0),\"question\":\(question)," } ?? ""
        return Done(
            step: .collect, round: round,
            json: #"{\#(which)"outcome":"\#(outcome.rawValue)","isWorthRepeating":\#(isWorthRepeating)}"#)
    }
    static func due(_ milliseconds: Int, round: Int = 1) -> Done {
        Done(step: .schedule, round: round, json: #"{"inMilliseconds":\#(milliseconds)}"#)
    }
}

extension Next<BlogGeneration.Step> {
    /// In words that a test can compare.
    var words: String {
        switch self {
        case .run(let step, let round, let pool, let cost): "run \(step.rawValue)#\(round) on \(pool) for \(Int(cost))"
        case .wait(let signal, let timeout): "wait \(signal) for \(timeout.map { "\($0)" } ?? "ever")"
        case .sleep(let pause): "sleep \(pause)"
        case .finish: "finish"
        case .fail(let failure): "fail \(failure.code)"
        }
    }
}
