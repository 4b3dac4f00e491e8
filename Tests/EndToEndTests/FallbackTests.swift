import Foundation
import Testing

/// A second account at a provider, by real processes: two sandboxes, of which the first is paid for few calls a minute.
@Suite(.serialized) struct `A second account` {
    @Test(arguments: Workplace.Storage.allCases)
    func `writes what would begin too late at the first`(_ storage: Workplace.Storage) async throws {
        try await Workplace.with(storage) { place in
            let first = try await SandboxProcess.start(place, speed: 20)
            let second = try await SandboxProcess.start(place, speed: 20)
            // Thirty calls a minute: the last of twenty would begin after 40 s.
            let settings = first.environment.merging([
                "OPENAI_RPM": "30", "OPENAI_FALLBACK_API_KEY": "other", "OPENAI_FALLBACK_BASE_URL": second.api,
                "OPENAI_FALLBACK_RPM": "9000", "OPENAI_FALLBACK_TPM": "9000000", "OPENAI_FALLBACK_AFTER": "2s",
            ]) { $1 }
            let server = try await ServerProcess.start(place, environment: settings)

            var ids: [String] = []
            for _ in 0..<20 {
                ids.append(try await server.submit(#"{"sourceType":"keyword","sourceId":"figs"}"#))
            }
            let start = ContinuousClock.now
            for id in ids {
                try await until {
                    try await server.call("GET", "/api/blog-generation/\(id)").answer["status"] as? String
                        == "AWAITING_SELECTION"
                }
            }

            #expect(ContinuousClock.now - start < .seconds(30))
            let written = try await (calls(of: first), calls(of: second))
            #expect(written.0 > 0)
            #expect(written.1 > 0)
            #expect(written.0 + written.1 == ids.count, "none was written twice")
        }
    }

    /// Ideas that a sandbox has found.
    private func calls(of sandbox: SandboxProcess) async throws -> Int {
        let base = sandbox.api.dropLast("/v1".count)
        let (_, data) = try await SimulatedSite.send("GET", "\(base)/sandbox/stats")
        let stats = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let operations = try #require(stats["byOperation"] as? [String: [String: Any]], "\(stats)")
        return operations["ideas"]?["succeeded"] as? Int ?? 0
    }
}
