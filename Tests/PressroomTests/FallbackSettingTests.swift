import Foundation
import Outbound
import Providers
import Testing

@testable import Pressroom

@Suite struct `A second account` {
    @Test func `is there once it has a key, with names and limits of its own`() throws {
        let settings = try Configuration(environment: [
            "OPENAI_API_KEY": "first", "OPENAI_ORGANIZATION": "org-1", "OPENAI_FALLBACK_API_KEY": "second",
            "OPENAI_FALLBACK_BASE_URL": "https://other.example/v1", "OPENAI_FALLBACK_MODEL_ARTICLE": "large-elsewhere",
            "OPENAI_FALLBACK_RPM": "60", "OPENAI_FALLBACK_AFTER": "30s",
        ])
        let endpoint = try #require(settings.fallbackEndpoint)

        #expect(endpoint.baseURL.description == "https://other.example/v1")
        #expect(endpoint.key?.exposed == "second")
        #expect(endpoint.organization == nil)
        #expect(settings.fallbackNames == [settings.languageModel.articleModel: "large-elsewhere"])
        #expect(settings.fallbackModel.requestsPerMinute == 60)
        #expect(settings.fallbackModel.after == .seconds(30))
        #expect(try Configuration(environment: ["OPENAI_API_KEY": "first"]).fallbackEndpoint == nil)
    }

    @Test(arguments: ["OPENAI_FALLBACK_BASE_URL": "https://other.example/v1", "OPENAI_FALLBACK_MODEL_IDEAS": "small"])
    func `without a key is a mistake`(_ name: String, _ value: String) {
        let problems = problems(
            reading: ConfigurationSources(flags: [name: value], environment: ["OPENAI_API_KEY": "first"]))

        #expect(problems.map(\.key) == ["OPENAI_FALLBACK_API_KEY"])
    }
}

@Suite struct `The life of models` {
    private static let today = Date(timeIntervalSince1970: 1_795_219_200)

    private static func life(_ models: [(String, String?)]) -> ModelLife {
        ModelLife(models.map { OpenAIClient.ModelEntry(name: $0.0, endsOn: $0.1) }, today: today)
    }

    @Test func `is known in days`() {
        let life = Self.life([("old", "2026-12-01"), ("gone", "2026-11-01"), ("new", nil)])

        #expect(life.daysLeft(of: ["old", "gone", "new", "missing"]) == ["old": 10, "gone": 0, "missing": 0])
        #expect(life.worry(about: ["new"]) == nil)
        #expect(life.worry(about: ["new", "old"])?.contains("2026-12-01") == true)
        #expect(life.worry(about: ["missing"])?.contains("missing") == true)
    }

    @Test func `is not doubted where a server lists nothing`() {
        #expect(Self.life([]).daysLeft(of: ["any"]).isEmpty)
        #expect(Self.life([]).worry(about: ["any"]) == nil)
    }
}
