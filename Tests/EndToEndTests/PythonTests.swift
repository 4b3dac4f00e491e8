import Foundation
import Testing

/// Scripts in other people's languages: the providers' official clients, a standard's own package, and a browser.
@Suite(.serialized) struct `From outside` {
    /// Of the API, at least; `make api` asks for more.
    private static let requests =
        ProcessInfo.processInfo.environment["PRESSROOM_API_REQUESTS"].flatMap { Int($0) } ?? 2_000

    @Test func `the official openai and replicate clients work against the sandbox`() async throws {
        try await Workplace.with { place in
            let sandbox = try await SandboxProcess.start(place, speed: 20)
            let base = String(sandbox.api.dropLast("/v1".count))

            let (status, output) = try await Script.run("sandbox_clients.py", [base])

            #expect(status == 0, "\(output)")
        }
    }

    @Test func `the standardwebhooks package verifies our webhooks, and the server those that it signs`() async throws {
        try await Workplace.with { place in
            let sandbox = try await SandboxProcess.start(place, speed: 20)
            let base = String(sandbox.api.dropLast("/v1".count))
            // The server asks this sandbox for the secret by which it signs.
            let server = try await ServerProcess.start(place, environment: ["SANDBOX_URL": base])

            let (status, output) = try await Script.run("webhooks.py", [base, server.address])

            #expect(status == 0, "\(output)")
        }
    }

    @Test func `a browser sees the pages live, and without JavaScript`() async throws {
        try await Workplace.with { place in
            let server = try await ServerProcess.start(place, environment: ["SANDBOX_SPEED": "10"])

            let (status, output) = try await Script.run("pages.py", [server.address])

            #expect(status == 0, "\(output)")
        }
    }

    @Test func `the API answers as its document says, whatever it is asked`() async throws {
        try await Workplace.with { place in
            let server = try await ServerProcess.start(
                place,
                environment: ["SANDBOX_SPEED": "50", "RATE_LIMIT_EXEMPT_CIDRS": "127.0.0.0/8", "LOG_LEVEL": "error"])

            let (status, output) = try await Script.run(
                "api.py", [server.address, server.key, "\(Self.requests)"],
                within: .seconds(max(400, Self.requests / 5)))

            #expect(status == 0, "\(output)")
        }
    }
}

enum Script {
    /// Runs a script of Tests/Python with the Python that `make test` prepared.
    static func run(
        _ name: String, _ arguments: [String], within limit: Duration = .seconds(180)
    ) async throws -> (status: Int32, output: String) {
        let python = try #require(
            ProcessInfo.processInfo.environment["PRESSROOM_PYTHON"], "PRESSROOM_PYTHON is not set: run `make test`")
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [Workplace.repository.appending(path: "Tests/Python/\(name)").path] + arguments
        let log = URL(filePath: NSTemporaryDirectory()).appending(path: "script-\(UUID().uuidString).txt")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }  // The test run's folder goes anyway.
        let handle = try FileHandle(forWritingTo: log)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        let deadline = ContinuousClock.now + limit
        while process.isRunning {
            if ContinuousClock.now > deadline { process.terminate() }
            try await Task.sleep(for: .milliseconds(50))
        }
        return (process.terminationStatus, try String(contentsOf: log, encoding: .utf8))
    }
}
