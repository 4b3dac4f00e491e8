import Outbound
import Testing

@testable import Pressroom

@Suite struct `The sandbox` {
    @Test func `stands in for each provider without a key`() throws {
        let none = try Configuration(environment: [:])
        let model = try Configuration(environment: ["OPENAI_API_KEY": "k"])
        let images = try Configuration(environment: ["REPLICATE_API_TOKEN": "t"])

        #expect(none.usesSandboxForLanguageModel && none.usesSandboxForImages)
        #expect(!model.usesSandboxForLanguageModel && model.usesSandboxForImages)
        #expect(images.usesSandboxForLanguageModel && !images.usesSandboxForImages)
    }

    @Test func `stands in for all when it is on`() throws {
        let configuration = try Configuration(
            environment: ["SANDBOX": "on", "OPENAI_API_KEY": "k", "REPLICATE_API_TOKEN": "t", "SANDBOX_SPEED": "2.5"])

        #expect(configuration.usesSandboxForLanguageModel && configuration.usesSandboxForImages)
        #expect(configuration.sandbox.speed == 2.5)
        #expect(configuration.sandbox.address == nil)
    }

    @Test func `may be a server of its own`() throws {
        let configuration = try Configuration(environment: ["SANDBOX_URL": "http://127.0.0.1:8089"])

        #expect(configuration.sandbox.address?.full == "http://127.0.0.1:8089/")
        #expect(problems(reading: .init(environment: ["SANDBOX_URL": "8089"])).map(\.key) == ["SANDBOX_URL"])
    }

    @Test func `when it is off, makes missing keys problems`() {
        let problems = problems(reading: .init(environment: ["SANDBOX": "off"]))

        #expect(problems.map(\.key) == ["OPENAI_API_KEY", "REPLICATE_API_TOKEN"])
    }

    @Test func `never answers silently for an address that was set without a key`() {
        let problems = problems(reading: .init(environment: ["OPENAI_BASE_URL": "http://127.0.0.1:4010/v1"]))

        #expect(problems.map(\.key) == ["OPENAI_API_KEY"])
        #expect(problems.first?.expected.contains("OPENAI_BASE_URL") == true)
    }
}
