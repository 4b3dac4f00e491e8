import Outbound
import Testing

@testable import Pressroom

@Suite struct `The choice of who paints` {
    private static let values = [
        "OPENAI_IMAGE_API_KEY": "k", "OPENAI_IMAGE_BASE_URL": "http://127.0.0.1:8188/v1",
        "OPENAI_IMAGE_MODEL": "gpt-image-2", "OPENAI_IMAGE_SIZE": "auto", "OPENAI_IMAGE_RPM": "5",
        "OPENAI_IMAGE_TIMEOUT": "60s", "OPENAI_IMAGE_CONCURRENCY": "1",
    ]

    @Test func `is Replicate when nothing is said`() throws {
        let configuration = try Configuration(environment: ["REPLICATE_API_TOKEN": "t", "REPLICATE_RPM": "7"])

        #expect(configuration.images.provider == .replicate)
        #expect(configuration.images.key == Secret("t"))
        #expect(configuration.images.model == "black-forest-labs/flux-schnell")
        #expect(configuration.images.requestsPerMinute == 7)
    }

    @Test func `may be OpenAI's protocol, on the language model's server and with its key`() throws {
        let configuration = try Configuration(environment: [
            "IMAGE_PROVIDER": "OpenAI", "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://models.example/v1",
            "REPLICATE_API_TOKEN": "t", "REPLICATE_CONCURRENCY": "5",
        ])
        let images = configuration.images

        #expect(images.provider == .openAI)
        #expect(images.key == Secret("k"))
        #expect(images.baseURL?.full == "https://models.example/v1")
        #expect(images.model == "gpt-image-2")
        #expect(images.requestsPerMinute == 450)
        #expect(images.concurrencyMax == nil)
        #expect(images.openAI.requestTimeout == .seconds(120))
        #expect(configuration.value(of: "OPENAI_IMAGE_SIZE") == "1536x864")
        #expect(!configuration.usesSandboxForImages)
    }

    @Test func `may be a server of its own, with a key of its own`() throws {
        let configuration = try Configuration(
            environment: Self.values.merging(["IMAGE_PROVIDER": "openai", "OPENAI_API_KEY": "other"]) { $1 })
        let images = configuration.images

        #expect(images.key == Secret("k"))
        #expect(images.baseURL?.full == "http://127.0.0.1:8188/v1")
        #expect(images.requestsPerMinute == 5)
        #expect(images.concurrencyMax == 1)
        #expect(images.openAI.requestTimeout == .seconds(60))
        #expect(configuration.value(of: "OPENAI_IMAGE_SIZE") == "auto")
    }

    @Test func `shows no other server the language model's key`() throws {
        let keys = ["IMAGE_PROVIDER": "openai", "OPENAI_API_KEY": "k"]
        func problems(at address: String) -> [ConfigurationError.Problem] {
            complaints(about: keys.merging(["OPENAI_IMAGE_BASE_URL": address]) { $1 })
        }

        #expect(problems(at: "https://images.example/v1").map(\.key) == ["OPENAI_IMAGE_API_KEY"])
        #expect(problems(at: "https://images.example/v1").first?.expected.contains("OPENAI_IMAGE_BASE_URL") == true)
        #expect(problems(at: "https://api.openai.com/other/v1").isEmpty, "the same server")
    }

    @Test func `may be nobody, whatever else is set`() throws {
        for sandbox in ["auto", "on", "off"] {
            let configuration = try Configuration(environment: [
                "IMAGE_PROVIDER": "none", "SANDBOX": sandbox, "OPENAI_API_KEY": "k", "OPENAI_IMAGE_MODEL": "dall-e-3",
            ])

            #expect(configuration.images.provider == .none)
            #expect(configuration.images.key == nil && configuration.images.baseURL == nil)
            #expect(!configuration.usesSandboxForImages)
        }
    }

    @Test func `falls to the sandbox where there is no key, and is missed where there is no sandbox`() throws {
        let auto = try Configuration(environment: ["IMAGE_PROVIDER": "openai"])
        let on = try Configuration(environment: ["IMAGE_PROVIDER": "openai", "OPENAI_API_KEY": "k", "SANDBOX": "on"])
        let own = try Configuration(environment: ["IMAGE_PROVIDER": "openai", "OPENAI_IMAGE_API_KEY": "k"])

        #expect(auto.usesSandboxForImages && on.usesSandboxForImages)
        #expect(own.usesSandboxForLanguageModel && !own.usesSandboxForImages)
        let off = ["IMAGE_PROVIDER": "openai", "SANDBOX": "off"]
        #expect(complaints(about: off).map(\.key) == ["OPENAI_API_KEY"])
        #expect(complaints(about: off.merging(["OPENAI_API_KEY": "k"]) { $1 }).isEmpty)
    }

    @Test(arguments: values.keys.sorted())
    func `must be said where an endpoint is set up`(_ name: String) throws {
        let value = try #require(Self.values[name])
        let setting = [name: value]

        let silent = complaints(about: setting.merging(["REPLICATE_API_TOKEN": "t"]) { $1 })

        #expect(silent.map(\.key) == ["IMAGE_PROVIDER"])
        #expect(silent.first?.expected.contains(name) == true)
        let named = complaints(about: setting.merging(["IMAGE_PROVIDER": "replicate"]) { $1 })
        #expect(named.isEmpty, "unused, and known to be")
    }

    @Test(arguments: [
        ("gpt-image-2", "1536x864"), ("gpt-image-1.5", "1536x1024"), ("dall-e-3", "1792x1024"),
        ("stable-diffusion-3.5", "1024x1024"),
    ])
    func `brings a size that the model draws`(_ model: String, _ size: String) throws {
        let configuration = try Configuration(environment: ["IMAGE_PROVIDER": "openai", "OPENAI_IMAGE_MODEL": model])

        #expect(configuration.images.model == model)
        #expect(configuration.value(of: "OPENAI_IMAGE_SIZE") == size)
    }

    @Test func `refuses a size that the model does not draw, and says which it does`() throws {
        let problems = complaints(about: [
            "IMAGE_PROVIDER": "openai", "OPENAI_IMAGE_MODEL": "gpt-image-1.5", "OPENAI_IMAGE_SIZE": "1536x864",
        ])

        #expect(
            problems.map(\.description) == [
                "OPENAI_IMAGE_SIZE = \"1536x864\" (environment): "
                    + "expected one of auto, 1536x1024, 1024x1024, 1024x1536 for gpt-image-1.5"
            ])
    }

    @Test(arguments: [
        ("IMAGE_PROVIDER", ["", "dall-e", "off"]), ("OPENAI_IMAGE_MODEL", ["", "two words"]),
        ("OPENAI_IMAGE_SIZE", ["", "big", "1024", "1024x", "63x64", "3841x1024", "1024x1024x1"]),
        ("OPENAI_IMAGE_RPM", ["0", "many"]), ("OPENAI_IMAGE_TIMEOUT", ["60", "0s", "11m"]),
        ("OPENAI_IMAGE_BASE_URL", ["images.example", "https://u:hush@images.example"]),
        ("OPENAI_IMAGE_API_KEY", ["", "hush hush"]),
    ])
    func `names a malformed value, and shows no secret`(_ name: String, _ values: [String]) {
        for value in values {
            let flags = ["IMAGE_PROVIDER": "openai"].merging([name: value]) { $1 }
            let problems = problems(reading: ConfigurationSources(flags: flags))

            #expect(problems.map(\.key) == [name], "\(name)=\(value)")
            #expect(!ConfigurationError(problems: problems).description.contains("hush"))
        }
    }
}

extension Configuration {
    /// A setting as the report shows it.
    func value(of name: String) -> String? { report.first { $0.name == name }?.value }
}

func complaints(about environment: [String: String]) -> [ConfigurationError.Problem] {
    problems(reading: ConfigurationSources(environment: environment))
}
