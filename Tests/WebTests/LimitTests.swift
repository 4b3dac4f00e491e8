import Engine
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Limits
import Testing

@testable import Web

@Suite struct `A limit on requests` {
    static let forwarded = HTTPField.Name("X-Forwarded-For")!
    static let policy = HTTPField.Name("RateLimit-Policy")!
    static let state = HTTPField.Name("RateLimit")!

    private func open(_ browser: Browser, from address: String? = nil) async throws -> Answer {
        var headers: HTTPFields = [:]
        headers[Self.forwarded] = address
        return try await browser.send(.get, "/sign-in", headers: headers)
    }

    private func with(
        trusting trusted: [String] = ["127.0.0.1"], exempting exempt: [String] = [],
        _ body: @Sendable @escaping (Browser) async throws -> Void
    ) async throws {
        try await WebWorld.with(configure: { configuration, _ in
            configuration.trustedProxies = trusted.compactMap { IPNetwork($0) }
            configuration.exemptNetworks = exempt.compactMap { IPNetwork($0) }
        }) { world in
            try await world.testLive(body)
        }
    }

    @Test func `is told with every answer and ends in 429`() async throws {
        try await with { browser in
            let first = try await open(browser, from: "203.0.113.1")
            var last = first
            for _ in 0..<121 { last = try await open(browser, from: "203.0.113.1") }

            #expect(first.status == 200)
            #expect(first.headers[Self.policy] == #""public_read";q=120;w=60"#)
            #expect(first.headers[Self.state]?.wholeMatch(of: /"public_read";r=\d+;t=\d+/) != nil)
            #expect(last.status == 429)
            #expect(last.code == "request.rate_limited")
            #expect(last.json["policy"] as? String == "public_read")
            #expect(last.headers[Self.policy] == #""public_read";q=120;w=60"#)
            #expect(last.headers[Self.state]?.hasPrefix(#""public_read";r=0;t="#) == true)
            let wait = try #require(last.headers[.retryAfter].flatMap { Int($0) })
            #expect((1...60).contains(wait))
        }
    }

    @Test func `counts each address, and the /64 of a long one, for itself`() async throws {
        try await with { browser in
            for _ in 0..<121 { _ = try await open(browser, from: "2001:db8::1") }

            #expect(try await open(browser, from: "2001:db8::2").status == 429)
            #expect(try await open(browser, from: "2001:db8:0:1::1").status == 200)
            #expect(try await open(browser, from: "203.0.113.2, 2001:db8::1").status == 429)
            #expect(try await open(browser).status == 200)
        }
    }

    @Test func `does not believe who is no proxy of ours`() async throws {
        try await with(trusting: []) { browser in
            for number in 0..<121 { _ = try await open(browser, from: "203.0.113.\(number)") }

            #expect(try await open(browser, from: "198.51.100.1").status == 429)
        }
    }

    @Test func `does not hold exempt networks`() async throws {
        try await with(exempting: ["203.0.113.0/24"]) { browser in
            for _ in 0..<130 {
                let answer = try await open(browser, from: "203.0.113.7")

                #expect(answer.status == 200)
                #expect(answer.headers[Self.policy] == nil)
            }
        }
    }

    @Test func `stands on refusals of the route, too`() async throws {
        try await with { browser in
            let refused = try await browser.send(.post, "/sign-in", headers: [Self.forwarded: "203.0.113.1"])

            #expect(refused.code == "request.cross_site")
            #expect(refused.headers[Self.policy] == #""public_write";q=30;w=60"#)
        }
    }

    @Test func `does not hold the API of sites and what probes read`() async throws {
        try await with { browser in
            let list = try await browser.api(.get, "/api/blog-generation")
            let health = try await browser.send(.get, "/health")

            #expect(list.status == 200)
            #expect(list.headers[Self.policy] == nil)
            #expect(health.headers[Self.policy] == nil)
        }
    }

    @Test func `counts users wherever they are, beside their addresses, and is seen in the metrics`() async throws {
        try await WebWorld.with { world in
            let surface = world.server.surface
            let limiter = RateLimiter(
                database: world.engine.database, clock: ContinuousClock(), logger: surface.logger)
            let limits = EdgeLimits(
                limiter: limiter, addresses: ClientAddresses(trusting: []), exempt: [], metrics: surface.registry)
            let rules: [LimitRule] = [
                .byAddress(), .by({ .user($0.header(.authorization) ?? "nobody") }, writing: .templates),
            ]
            let group = RouteGroup(
                [Anything()],
                limits: rules.map { RateLimit(limits: limits, rule: $0, bounds: world.configuration.limits) })
            let edge = EdgeResponder(
                router: RouteTable([group]).responder(), limits: world.configuration.limits, timing: surface.timing,
                headers: SecurityHeaders(frameAncestors: []), draining: Draining(),
                traces: TraceSource(random: surface.random), requests: RequestMetrics(factory: surface.registry),
                log: AccessLog(logger: surface.logger), errorPage: { problem, _ in problem.response() })
            try await Application(responder: edge, logger: surface.logger).test(.router) { client in
                let browser = Browser(client: client, world: world)
                var ada: [Answer] = []
                for _ in 0..<6 { ada.append(try await browser.api(.post, "/anything", key: "ada")) }
                let bob = try await browser.api(.post, "/anything", key: "bob")
                let read = try await browser.api(.get, "/anything", key: "ada")

                // Nobody asks the database for this limiter: half of the limit.
                #expect(ada.map(\.status) == [204, 204, 204, 204, 204, 429])
                #expect(ada[5].json["policy"] as? String == "template_create")
                #expect(bob.status == 204)
                #expect(bob.headers[Self.policy] == #""template_create";q=10;w=60, "public_write";q=30;w=60"#)
                #expect(read.headers[Self.policy] == #""public_read";q=120;w=60"#)
                #expect(
                    surface.registry.render().contains(
                        #"rate_limit_events_total{endpoint="/anything",scope="template_create"} 1"#))
            }
        }
    }

    @Test func `adds to what another limit says`() {
        var headers = HTTPFields()
        let decision = LimitDecision(.battles, isAdmitted: true, remaining: 3, resetAfterMilliseconds: 9_001)

        headers.add(LimitDecision(.publicWrite, isAdmitted: true, remaining: 29, resetAfterMilliseconds: 1))
        headers.add(decision)

        #expect(headers[Self.policy] == #""public_write";q=30;w=60, "battle_create";q=20;w=60"#)
        #expect(headers[Self.state] == #""public_write";r=29;t=1, "battle_create";r=3;t=10"#)
    }
}

private struct Anything: Readable, Postable {
    static let path = "/anything"
    func get(_ call: Call) async throws -> Response { Response(status: .noContent) }
    func post(_ call: Call) async throws -> Response { Response(status: .noContent) }
}
