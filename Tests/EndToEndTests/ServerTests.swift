import Foundation
import Testing

@Suite(.serialized) struct `A server` {
    /// Ten times as fast as life with fixed latencies, an article takes about six seconds.
    @Test(arguments: Workplace.Storage.allCases)
    func `takes as long for two sites' requests, together or apart, as for one`(
        _ storage: Workplace.Storage
    ) async throws {
        try await Workplace.with(storage) { place in
            let sandbox = try await SandboxProcess.start(place, speed: 10, ["--fixed-latency"])
            let server = try await ServerProcess.start(place, environment: sandbox.environment)
            let other = try await ServerProcess.addSite(
                "other", place, environment: place.environment(sandbox.environment))
            let request = #"{"sourceType":"keyword","sourceId":"sourdough starter","autoSelect":true}"#

            let warmUp = try await server.ended(server.submit(request))
            #expect(warmUp["status"] as? String == "DONE", "\(warmUp)")

            // A machine that stands still for a second disturbs a round; requests that wait for each other spoil all.
            var rounds: [Round] = []
            repeat {
                let alone = try await ServerProcess.duration(of: server.ended(server.submit(request)))

                async let first = server.submit(request)
                async let second = server.submit(request, key: other)
                let together = try await [
                    ServerProcess.duration(of: server.ended(first)),
                    ServerProcess.duration(of: server.ended(second, key: other)),
                ]
                let earlier = try await server.submit(request)
                try await Task.sleep(for: .seconds(1))  // Ten seconds of the sandbox's time: what is being measured.
                let later = try await server.submit(request, key: other)
                let apart = try await [
                    ServerProcess.duration(of: server.ended(earlier)),
                    ServerProcess.duration(of: server.ended(later, key: other)),
                ]
                rounds.append(Round(alone: alone, shared: together + apart))
            } while rounds.last?.isEven == false && rounds.count < 3

            #expect(rounds.last?.isEven == true, "\(rounds)")
        }
    }

    /// How long requests took, in seconds: one that had the server for itself, and those of two sites beside each other.
    private struct Round {
        let alone: Double
        let shared: [Double]

        var isEven: Bool { shared.allSatisfy { abs($0 - alone) <= 0.1 * alone } }
    }

    @Test func `idles within 60 MB and one per cent of a processor`() async throws {
        try await Workplace.with { place in
            let server = try await ServerProcess.start(place)
            try await Task.sleep(for: .seconds(3))  // Start-up work is over.

            let before = try ProcessFigures(server.process.identifier)
            try await Task.sleep(for: .seconds(5))
            let after = try ProcessFigures(server.process.identifier)

            #expect(after.residentMegabytes <= 60)
            #expect(after.processorSeconds - before.processorSeconds <= 0.05)
        }
    }

    @Test(arguments: Workplace.Storage.allCases)
    func `leaves in order on SIGTERM, and its work goes on with the next one`(_ storage: Workplace.Storage) async throws
    {
        try await Workplace.with(storage) { place in
            let environment = ["SANDBOX_SPEED": "10"]
            let server = try await ServerProcess.start(place, environment: environment)
            let request = #"{"sourceType":"keyword","sourceId":"figs","autoSelect":true}"#
            let id = try await server.submit(request)
            try await until {
                try await server.call("GET", "/api/blog-generation/\(id)").answer["status"] as? String != "PENDING"
            }

            server.process.signal(SIGTERM)
            let ending = try await server.process.ending(within: .seconds(30))
            #expect(ending.status == 0, "\(ending.errors)")
            let next = try await ServerProcess.start(place, environment: environment, site: "second")

            let ended = try await next.ended(id, key: server.key)
            #expect(ended["status"] as? String == "DONE", "\(ended)")
        }
    }

    @Test func `keeps its quota when a command with other settings looks on`() async throws {
        try await Workplace.with { place in
            let server = try await ServerProcess.start(place, environment: ["OPENAI_RPM": "900"])

            let look = try await PressroomProcess.run(
                ["jobs", "list"], environment: place.environment(["OPENAI_RPM": "30"]), in: place.folder,
                within: .seconds(30))

            #expect(look.status == 0, "\(look.errors)")
            let stored = try await server.call("GET", "/api/rate-limiter/stats").answer
            #expect((stored["maxRPM"] as? NSNumber)?.doubleValue == 900)
        }
    }

    @Test func `hides another site's generations`() async throws {
        try await Workplace.with { place in
            let server = try await ServerProcess.start(place, environment: ["SANDBOX_SPEED": "50"])
            let stranger = try await ServerProcess.addSite("stranger", place, environment: place.environment())
            let id = try await server.submit(#"{"sourceType":"keyword","sourceId":"figs"}"#)

            let (status, answer) = try await server.call("GET", "/api/blog-generation/\(id)", key: stranger)

            #expect(status == 404)
            #expect(answer["code"] as? String == "generation.not_found")
        }
    }
}

/// What the system says of a process.
struct ProcessFigures {
    let residentMegabytes: Double
    let processorSeconds: Double

    init(_ identifier: Int32) throws {
        let status = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        let resident = try #require(status.firstMatch(of: /VmRSS:\s+(\d+) kB/)?.1)
        residentMegabytes = try #require(Double(resident)) / 1024
        let stat = try String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8)
        let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
        // Fields 14 and 15 of proc(5): user and system time in clock ticks.
        processorSeconds =
            try (#require(Double(fields[11])) + #require(Double(fields[12]))) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
