import Testing

@testable import Pressroom

@Suite struct `A secret setting` {
    private static let hush = "hush-0123456789-hush"
    private static let secrets = [
        "OPENAI_API_KEY": hush, "REPLICATE_API_TOKEN": hush, "ADMIN_TOKEN": hush, "IMAGE_PROVIDER": "openai",
        "OPENAI_IMAGE_API_KEY": hush, "OPENAI_FALLBACK_API_KEY": hush, "REPLICATE_WEBHOOK_SECRET": hush,
        "WIX_APP_SECRET": hush, "ARENA_TOKEN_SECRET": "\(hush)\(hush)",
        "DATABASE_URL": "postgres://me:\(hush)@db/press?password=\(hush)",
    ]

    @Test func `is in no description of the configuration`() throws {
        let configuration = try Configuration(environment: Self.secrets)

        var dumped = ""
        dump(configuration, to: &dumped)
        let all = ["\(configuration)", String(reflecting: configuration), configuration.redactedDescription, dumped]

        for text in all { #expect(!text.contains(Self.hush)) }
        #expect(configuration.redactedDescription.contains("‹secret›"))
    }

    @Test(arguments: [
        ("OPENAI_API_KEY", "\(hush) \(hush)"), ("ADMIN_TOKEN", "hush-01234"), ("REPLICATE_API_TOKEN", "hush\u{7}hush"),
        ("DATABASE_URL", "postgress://me:hush@db"), ("DATABASE_URL", "host=db password=hush"),
        ("PUBLIC_URL", "https://me:hush@press.org"), ("OPENAI_BASE_URL", "https://x.org/?key=hush"),
        ("OPENAI_APY_KEY", "hush"),
    ])
    func `is in no error`(name: String, value: String) {
        let keys = ["OPENAI_API_KEY": "k"]

        let problems = problems(reading: ConfigurationSources(flags: [name: value], environment: keys))

        #expect(problems.map(\.key) == [name])
        #expect(!ConfigurationError(problems: problems).description.contains("hush"))
    }
}
