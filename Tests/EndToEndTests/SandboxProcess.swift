import Foundation
import Testing

/// The simulated providers in a process of their own, and what a server needs to use them.
struct SandboxProcess: Sendable {
    let process: PressroomProcess
    let api: String
    let speed: Double

    static func start(_ place: Workplace, speed: Double, _ options: [String] = []) async throws -> SandboxProcess {
        let process = try PressroomProcess(
            ["sandbox", "--port", "0", "--speed", "\(speed)", "--json"] + options, in: place.folder)
        try await until { process.printed.contains("}") }
        let answer = try JSONSerialization.jsonObject(with: Data(process.printed.utf8)) as? [String: Any]
        return SandboxProcess(process: process, api: try #require(answer?["api"] as? String), speed: speed)
    }

    /// Settings under which a process takes this sandbox for the real providers.
    var environment: [String: String] {
        [
            "OPENAI_BASE_URL": api, "OPENAI_API_KEY": "any", "REPLICATE_BASE_URL": api, "REPLICATE_API_TOKEN": "any",
            "OPENAI_RPM": "\(Int(450 * speed))", "OPENAI_TPM": "\(Int(450_000 * speed))",
            "REPLICATE_RPM": "\(Int(450 * speed))",
        ]
    }
}
