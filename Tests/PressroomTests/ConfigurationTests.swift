import Logging
import Outbound
import Testing

@testable import Pressroom

@Suite struct `A configuration` {
    @Test func `needs nothing to be set`() throws {
        let configuration = try Configuration(reading: ConfigurationSources())

        #expect(configuration.storage.database == .sqlite(path: "data/pressroom.sqlite"))
        #expect(configuration.storage.poolMax == 100)
        #expect(configuration.storage.poolMin == 10)
        #expect(configuration.storage.queryTimeout == .seconds(5))
        #expect(configuration.publicURL == "http://127.0.0.1:8080")
        #expect(configuration.logs.level == .info)
        #expect(configuration.languageModel.requestsPerMinute == 450)
        #expect(configuration.languageModel.tokensPerMinute == 450_000)
        #expect(configuration.work.queueSizeMax == 10_000)
        #expect(configuration.work.slots == 50)
        #expect(configuration.work.batchSize == 100)
        #expect(configuration.work.tenantConcurrencyMax == nil)
        #expect(configuration.work.taskTimeout == .seconds(15))
        #expect(configuration.work.articleTimeout == .seconds(60))
        #expect(configuration.work.previewQuota == 5)
        #expect(configuration.arena.draftQuota == 5)
        #expect(configuration.arena.replyQuota == 25)
        #expect(configuration.arena.tokenSecret == nil)
    }

    @Test func `takes no token secret that could be guessed, and shows none`() throws {
        #expect(throws: ConfigurationError.self) {
            try Configuration(environment: ["ARENA_TOKEN_SECRET": String(repeating: "x", count: 31)])
        }
        let secret = String(repeating: "y", count: 32)
        let configuration = try Configuration(environment: ["ARENA_TOKEN_SECRET": secret])

        #expect(configuration.arena.tokenSecret?.exposed == secret)
        #expect(!configuration.description.contains(secret))
    }

    @Test func `prefers flags to the environment, the environment to the file, and the file to defaults`() throws {
        let file = ConfigurationFile(name: "a.yaml", text: "port: 1\nbatch_size: 2\nsite_rpm: 3\n")
        let environment = ["PORT": "11", "BATCH_SIZE": "12"]

        let configuration = try Configuration(
            reading: ConfigurationSources(flags: ["PORT": "21"], environment: environment, file: file))

        #expect(configuration.serving.port == 21)
        #expect(configuration.work.batchSize == 12)
        #expect(configuration.work.siteRequestsPerMinute == 3)
        #expect(configuration.work.slots == 50)
        #expect(configuration.source(of: "PORT") == "flag")
        #expect(configuration.source(of: "BATCH_SIZE") == "environment")
        #expect(configuration.source(of: "SITE_RPM") == "a.yaml:3")
        #expect(configuration.source(of: "CONCURRENT_BLOGS") == "default")
    }

    @Test func `takes a blank environment variable for one that is not set`() throws {
        let configuration = try Configuration(environment: ["OPENAI_API_KEY": "  ", "PORT": ""])

        #expect(configuration.languageModel.key == nil)
        #expect(configuration.serving.port == 8080)
    }

    @Test func `ignores variables of other programs`() throws {
        _ = try Configuration(environment: ["PATH": "/bin", "OPENAI_ORGANIZATION": "x"])
    }

    @Test func `lowers the usual pool minimum with the maximum`() throws {
        let configuration = try Configuration(environment: ["DB_POOL_MAX": "4"])

        #expect(configuration.storage.poolMin == 4)
    }

    @Test func `knows its public address`() throws {
        let named = try Configuration(environment: ["PUBLIC_URL": "https://press.example.org/app/"])
        let ipv6 = try Configuration(environment: ["HOST": "::1", "PORT": "9"])

        #expect(named.publicURL == "https://press.example.org/app")
        #expect(ipv6.publicURL == "http://[::1]:9")
    }

    @Test func `describes every setting on one line with value and source`() throws {
        let configuration = try Configuration(environment: ["LEASE": "1500ms", "REQUEST_BODY_MAX": "64KiB"])

        let lines = configuration.redactedDescription.split(separator: "\n").map { $0.split(separator: " ") }

        #expect(lines.count == configuration.report.count)
        #expect(lines.contains(["LEASE", "1500ms", "environment"]))
        #expect(lines.contains(["REQUEST_BODY_MAX", "64KiB", "environment"]))
        #expect(lines.contains(["OPENAI_API_KEY", "–", "default"]))
        #expect(Set(configuration.report.map(\.name)).count == configuration.report.count)
    }
}

extension Configuration {
    /// Settings from the environment alone.
    init(environment: [String: String]) throws(ConfigurationError) {
        try self.init(reading: ConfigurationSources(environment: environment))
    }

    /// Settings from a file alone.
    init(file text: String) throws(ConfigurationError) {
        let file = ConfigurationFile(name: "pressroom.yaml", text: text)
        try self.init(reading: ConfigurationSources(file: file))
    }

    func source(of name: String) -> String? { report.first { $0.name == name }?.source }
}

/// What is wrong with `sources`; empty when nothing is.
func problems(reading sources: ConfigurationSources) -> [ConfigurationError.Problem] {
    do {
        _ = try Configuration(reading: sources)
        return []
    } catch {
        return error.problems
    }
}
