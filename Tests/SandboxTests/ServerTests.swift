import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Sandbox
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct `The server` {
    private static var quiet: Logger {
        var logger = Logger(label: "sandbox")
        logger.logLevel = .critical
        return logger
    }

    private func server(
        on clock: some Clock<Duration> = ContinuousClock(), _ change: (inout SandboxConfiguration) -> Void = { _ in }
    ) throws -> SandboxServer {
        var configuration = SandboxConfiguration()
        configuration.port = 0
        configuration.speed = 200
        configuration.fixedLatency = true
        change(&configuration)
        return try SandboxServer(
            configuration: configuration, clock: clock, startedAt: Date(),
            random: SystemRandomNumberGenerator(), logger: Self.quiet)
    }

    private func withServer(
        _ server: SandboxServer, _ body: @Sendable (SandboxServer, Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await body(server, try await server.address().port)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private static func chat(model: String = "m") -> String {
        #"{"model":"\#(model)","messages":[{"role":"user","content":"tea"}]}"#
    }

    @Test func `answers on the port that it tells, and counts and logs the calls`() async throws {
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("calls-\(UUID()).ndjson").path
        defer { try? FileManager.default.removeItem(atPath: log) }  // Nothing to do about a file that stays.

        try await withServer(try server { $0.callLogPath = log }) { server, port in
            let answer = await RawCall.offThread {
                RawCall(port: port, "POST", "/v1/chat/completions", body: Self.chat()).answer()
            }

            #expect(answer.hasPrefix("HTTP/1.1 200"))
            #expect(answer.contains("x-ratelimit-remaining-requests: "))
            #expect(server.stats[.chat].succeeded == 1)
            let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 1)
            let record = try JSONDecoder().decode(CallRecord.self, from: Data(lines[0].utf8))
            #expect(record == server.calls().first)
        }
    }

    @Test func `cuts the connection in the middle of an answer, or without one`() async throws {
        try await withServer(try server { $0.speed = 2000 }) { _, port in
            let half = await RawCall.offThread {
                RawCall(port: port, "POST", "/v1/chat/completions", body: Self.chat(model: "sbx-half-body")).answer()
            }
            let none = await RawCall.offThread {
                RawCall(port: port, "POST", "/v1/chat/completions", body: Self.chat(model: "sbx-hang")).answer()
            }

            let found = half.firstMatch(of: /Content-Length: (\d+)/.ignoresCase()).flatMap { Int($0.1) }
            let length = try #require(found)
            #expect(half.split(separator: "\r\n\r\n", maxSplits: 1).last?.utf8.count == length / 2)
            #expect(none == "")
        }
    }

    @Test func `survives callers who leave`() async throws {
        try await withServer(try server { $0.speed = 10 }) { server, port in
            for model in ["sbx-hang", "m", "sbx-half-body", "sbx-hang"] {
                await RawCall.offThread {
                    RawCall(port: port, "POST", "/v1/chat/completions", body: Self.chat(model: model)).hangUp()
                }
            }
            while server.stats.calls < 4 || server.stats.inFlight > 0 { try await Task.sleep(for: .milliseconds(20)) }

            let answer = await RawCall.offThread { RawCall(port: port, "GET", "/v1/models").answer() }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `keeps 2,000 calls waiting at once`() async throws {
        try raiseFileLimit(to: 6000)
        let calls = 2000
        let clock = HandClock()
        let server = try server(on: clock) {
            $0.speed = 1
            $0.requestsPerMinute = 100_000
            $0.tokensPerMinute = 10_000_000
        }
        try await withServer(server) { server, port in
            async let answers = RawCall.offThread {
                let sent = (0..<calls).map { _ in
                    RawCall(port: port, "POST", "/v1/chat/completions", body: Self.chat())
                }
                return sent.map { $0.answer().hasPrefix("HTTP/1.1 200") }
            }
            while clock.sleepers < calls { try await Task.sleep(for: .milliseconds(20)) }

            clock.advance(by: .seconds(3))

            #expect(await answers.count { $0 } == calls)
            #expect(server.stats.inFlightMost == calls)
        }
    }

    @Test func `stops at once when it is asked to, whoever still waits`() async throws {
        let server = try server { $0.speed = 0.1 }
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: server)], logger: Self.quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try await server.address().port
            let waiting = Task {
                await RawCall.offThread {
                    RawCall(port: port, "POST", "/v1/chat/completions", body: Self.chat()).answer()
                }
            }
            while server.stats.inFlight < 1 { try await Task.sleep(for: .milliseconds(10)) }

            let start = ContinuousClock.now
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()

            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(!(await waiting.value).hasPrefix("HTTP/1.1 200"))
        }
        await #expect(throws: SandboxError.self) { try await server.address() }
    }

    @Test func `says that its port is taken`() async throws {
        try await withServer(try server()) { _, port in
            let second = try server { $0.port = port }

            let error = await #expect(throws: SandboxError.self) { try await second.run() }

            #expect(error?.code == .cannotListen)
            #expect(error?.message.contains("already in use") == true)
            await #expect(throws: SandboxError.self) { try await second.address() }
        }
    }

    @Test func `does not start with a bad configuration or a log it cannot write`() {
        let bad = #expect(throws: SandboxError.self) {
            try server {
                $0.speed = -1
                $0.requestsPerMinute = 0
            }
        }
        let log = #expect(throws: SandboxError.self) { try server { $0.callLogPath = "/nowhere/calls" } }

        #expect(bad?.code == .badConfiguration)
        #expect(bad?.message.contains("speed") == true && bad?.message.contains("requestsPerMinute") == true)
        #expect(log?.code == .cannotLog)
    }

    @Test func `takes another fault script while it runs`() async throws {
        try await withServer(try server()) { server, port in
            let good = await RawCall.offThread {
                RawCall(port: port, "PUT", "/sandbox/faults", body: #"[{"fault":"server_error","count":1}]"#).answer()
            }
            let bad = await RawCall.offThread {
                RawCall(port: port, "PUT", "/sandbox/faults", body: #"[{"fault":"server_eror"}]"#).answer()
            }

            #expect(good.hasPrefix("HTTP/1.1 200"))
            #expect(bad.hasPrefix("HTTP/1.1 400") && bad.contains("sandbox.bad_faults"))
            #expect(server.faults == [FaultRule(fault: .serverError, count: 1)])
        }
    }

    @Test func `posts signed webhooks, and again when the receiver was in trouble`() async throws {
        let received = Mutex<[(id: String, isGenuine: Bool, status: String?)]>([])
        let sandbox = try server()
        let secret = WebhookSignature.secret(seed: 1)
        let receiver = HookReceiver { headers, body in
            let id = headers[values: HTTPField.Name("webhook-id")!].first ?? ""
            let time = Int(headers[values: HTTPField.Name("webhook-timestamp")!].first ?? "") ?? 0
            let expected = WebhookSignature.sign(id: id, timestamp: time, body: body, secret: secret)
            let isGenuine = headers[values: HTTPField.Name("webhook-signature")!].first == expected
            return received.withLock { received in
                received.append((id, isGenuine, (try? JSONValue(parsing: body))?["status"]?.text))  // Nil is a failure.
                return received.count == 1 ? .internalServerError : .ok
            }
        }
        try await withServer(sandbox) { server, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await receiver.run() }
                let hook = await receiver.port()
                let body =
                    #"{"version":"a/b","input":{"prompt":"tea"},"webhook":"http://127.0.0.1:\#(hook)/done?job=7"}"#
                _ = await RawCall.offThread { RawCall(port: port, "POST", "/v1/predictions", body: body).answer() }
                while server.stats.webhooksDelivered < 2 { try await Task.sleep(for: .milliseconds(10)) }
                group.cancelAll()
            }
        }

        let all = received.withLock { $0 }
        #expect(all.allSatisfy { $0.isGenuine })
        #expect(all.count == 3)
        #expect(Set(all.map(\.id)).count == 2)
        #expect(all.contains { $0.status == "succeeded" })
    }

    @Test func `tells the app what the owner of a Wix site does, again until it is heard`() async throws {
        let received = Mutex<[[UInt8]]>([])
        let receiver = HookReceiver { _, body in
            received.withLock { received in
                received.append(body)
                return received.count == 1 ? .internalServerError : .ok
            }
        }
        try await withServer(try server()) { server, port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await receiver.run() }
                let hook = await receiver.port()
                func act(_ method: String, _ path: String, _ body: String = "") async -> String {
                    await RawCall.offThread { RawCall(port: port, method, "/sandbox/wix\(path)", body: body).answer() }
                }
                let changed = await act("PUT", "", #"{"webhookURL":"http://127.0.0.1:\#(hook)/done"}"#)
                let removed = await act("POST", "/sites/site-1/remove")
                while server.stats.webhooksDelivered < 1 { try await Task.sleep(for: .milliseconds(10)) }
                let installed = await act("POST", "/sites/site-1/install", #"{"copies":3}"#)
                while server.stats.webhooksDelivered < 2 { try await Task.sleep(for: .milliseconds(10)) }

                #expect(changed.contains("http://127.0.0.1:\(hook)/done"))
                #expect(removed.contains(#"{"site":"site-1","told":true}"#))
                #expect(installed.contains(#""told":true"#))
                let key = await act("GET", "/public-key")
                let text = try server.wixWebhookKey().publicPEM
                #expect(key.contains(text))
                group.cancelAll()
            }
        }

        let all = received.withLock { $0 }
        #expect(all.count == 5)
        #expect(Set(all.prefix(2)).count == 1, "the same again")
        #expect(Set(all.suffix(3)).count == 1, "thrice at once")
        #expect(all.allSatisfy { $0.split(separator: UInt8(ascii: ".")).count == 3 })
    }

    @Test func `says what is wrong with what the owner of a Wix site is to do`() async throws {
        let orders: [(method: String, path: String, body: String, status: Int)] = [
            ("POST", "/sites/site-1/burn", "", 404), ("POST", "/sites/site-1/remove", #"{"copies":0}"#, 400),
            ("POST", "/sites/site-1/remove", #"{"copy":1}"#, 400), ("POST", "/sites/site-1/remove", "{", 400),
            ("PUT", "", #"{"tokenSecond":1}"#, 400), ("PUT", "", #"{"tokenSeconds":0}"#, 400),
            ("GET", "/sites/nobody/instance", "", 404), ("GET", "/nothing", "", 404), ("GET", "", "", 200),
            ("POST", "/sites/site-1/revoke", "", 200),
        ]
        try await withServer(try server()) { _, port in
            for order in orders {
                let answer = await RawCall.offThread {
                    RawCall(port: port, order.method, "/sandbox/wix\(order.path)", body: order.body).answer()
                }

                #expect(answer.hasPrefix("HTTP/1.1 \(order.status)"), "\(order): \(answer)")
            }
        }
    }

    private func raiseFileLimit(to wanted: UInt) throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(max(limit.rlim_cur, rlim_t(wanted)), limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_cur >= wanted, "this machine allows too few open files for the test")
    }
}
