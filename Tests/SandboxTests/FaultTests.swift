import Foundation
import Sandbox
import Testing

@Suite struct `A fault script` {
    private func statuses(_ rules: [FaultRule], calls: Int = 6) -> [Int] {
        var sandbox = SandboxFixture { $0.faults = rules }
        return (0..<calls).map { _ in sandbox.chat().response.status }
    }

    @Test func `strikes the nth call only`() {
        #expect(statuses([.init(when: .init(nth: 3), fault: .serverError)]) == [200, 200, 500, 200, 200, 200])
    }

    @Test func `strikes every so manieth call, as often as it may`() {
        #expect(
            statuses([.init(when: .init(every: 2), fault: .overloaded, count: 2)]) == [200, 503, 200, 503, 200, 200])
    }

    @Test func `strikes with a probability that its seed decides`() {
        let rules = [FaultRule(when: .init(probability: 0.5), fault: .serverError)]

        let statuses = statuses(rules, calls: 200)

        #expect((70...130).contains(statuses.count { $0 == 500 }))
        #expect(statuses == self.statuses(rules, calls: 200))
    }

    @Test func `strikes only the operation, prompt and model it names`() {
        var sandbox = SandboxFixture {
            $0.faults = [.init(when: .init(operation: .ideas, model: "m", match: "TEA"), fault: .serverError)]
        }
        let schema = ("ideas", SandboxFixture.ideas)

        #expect(sandbox.chat("Subject: tea", model: "m").response.status == 200)
        #expect(sandbox.chat("Subject: coffee", model: "m", schema: schema).response.status == 200)
        #expect(sandbox.chat("Subject: tea", model: "n", schema: schema).response.status == 200)
        #expect(sandbox.chat("Subject: tea", model: "m", schema: schema).response.status == 500)
    }

    @Test func `refuses with and without Retry-After`() {
        var sandbox = SandboxFixture {
            $0.faults = [
                .init(when: .init(nth: 1), fault: .rateLimited, retryAfter: 7),
                .init(when: .init(nth: 2), fault: .rateLimited),
            ]
        }

        #expect(sandbox.chat().response[header: "retry-after"] == "7")
        #expect(sandbox.chat().response[header: "retry-after"] == nil)
        #expect(sandbox.core.stats.refusals == 0)
        #expect(sandbox.core.stats.faults == 2)
        #expect(sandbox.core.stats.tokensCharged == 0)
    }

    @Test func `spoils answers in every way it names`() throws {
        var sandbox = SandboxFixture()
        func answer(_ fault: Fault) -> Plan {
            sandbox.core.play([.init(fault: fault)])
            return sandbox.chat(schema: ("article", SandboxFixture.article))
        }

        #expect(answer(.badJSON).object == .null)
        #expect(answer(.badJSON).response.json["choices"]?.items?[0]["finish_reason"] == "stop")
        #expect(answer(.wrongSchema).object["unexpected"] == true)
        #expect(answer(.wrongSchema).object["title"] == nil)
        #expect(answer(.refusal).response.json["choices"]?.items?[0]["message"]?["refusal"]?.text != nil)
        #expect(answer(.refusal).response.json["choices"]?.items?[0]["message"]?["content"] == .null)
        #expect(answer(.length).response.json["choices"]?.items?[0]["finish_reason"] == "length")
        #expect(answer(.contentFilter).response.json["choices"]?.items?[0]["finish_reason"] == "content_filter")
        #expect(answer(.badGatewayHTML).response[header: "content-type"] == "text/html")
        #expect(answer(.slow).delay == .seconds(125))
        guard case .cut(let whole, let count) = answer(.halfBody).ending else {
            Issue.record("not cut")
            return
        }
        #expect(count == whole.body.count / 2)
        guard case .silence = answer(.hang).ending else {
            Issue.record("not silent")
            return
        }
    }

    @Test func `is read from JSON and written back`() throws {
        let text = #"[{"when": {"operation": "image.create", "every": 3}, "fault": "image_failed", "count": 2}]"#

        let rules = try FaultRule.list(from: Array(text.utf8))

        #expect(rules == [.init(when: .init(operation: .imageCreate, every: 3), fault: .imageFailed, count: 2)])
        let again = try FaultRule.list(from: Array(JSONEncoder().encode(rules)))
        #expect(again == rules)
    }

    @Test(arguments: [
        (#"{"#, "valid JSON"), (#"[{"fault": "explode"}]"#, "explode"), (#"[{"fault": "hang", "whne": {}}]"#, "whne"),
        (#"[{"when": {"operation": "articles"}, "fault": "hang"}]"#, "articles"),
    ])
    func `says what is wrong with it`(text: String, problem: String) {
        let error = #expect(throws: SandboxError.self) { _ = try FaultRule.list(from: Array(text.utf8)) }

        #expect(error?.code == .badFaults)
        #expect(error?.message.contains(problem) == true, "\(String(describing: error))")
    }

    @Test func `is refused when it makes no sense`() {
        var configuration = SandboxConfiguration()
        configuration.faults = [.init(when: .init(operation: .imageGet, nth: 0, every: 2), fault: .refusal)]
        configuration.port = 70_000
        configuration.speed = 0

        #expect(configuration.problems.count == 5)
    }
}

@Suite struct `A configuration` {
    @Test func `takes defaults for what is not said`() throws {
        let configuration = try JSONDecoder().decode(SandboxConfiguration.self, from: Data(#"{"speed": 20}"#.utf8))

        var expected = SandboxConfiguration()
        expected.speed = 20
        #expect(configuration == expected)
        let again = try JSONDecoder().decode(SandboxConfiguration.self, from: JSONEncoder().encode(configuration))
        #expect(again == configuration)
    }

    @Test func `takes a latency by itself`() throws {
        let text = #"{"latencies": {"image": {"leastSeconds": 1, "mostSeconds": 2}}}"#

        let configuration = try JSONDecoder().decode(SandboxConfiguration.self, from: Data(text.utf8))

        #expect(configuration.latencies.image == Latency(1...2))
        #expect(configuration.latencies.article == Latency(10...15))
    }

    @Test func `refuses what it does not know`() {
        #expect(throws: DecodingError.self) {
            _ = try JSONDecoder().decode(SandboxConfiguration.self, from: Data(#"{"sped": 20}"#.utf8))
        }
    }
}

@Suite struct `Latencies` {
    @Test func `stay in their range and centre on its middle`() {
        var chance = Chance(seed: 1)
        let latency = Latency(10...15)
        let drawn = (0..<4000).map { _ in latency.drawn(using: &chance).inSeconds }

        #expect(drawn.allSatisfy { (10...15).contains($0) })
        #expect((12.2...12.8).contains(drawn.reduce(0, +) / 4000))
        #expect(Set(drawn).count > 3000)
    }
}

@Suite struct `Dates` {
    @Test(arguments: [
        (1_795_219_200.1004, "2026-11-21T00:00:00.100Z"), (1_709_164_799.999, "2024-02-28T23:59:59.999Z"),
        (1_709_164_800, "2024-02-29T00:00:00.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
    ])
    func `are written in UTC`(unix: Double, text: String) {
        #expect(TimeScale.stamp(unix: unix) == text)
    }
}
