import Testing

@testable import Pressroom

@Suite struct `Configuration problems` {
    @Test func `are reported all at once, each with what was given, what was expected and where it stands`() {
        let file = ConfigurationFile(name: "shop.yaml", text: "lease: soon\nqueue_sise_limit: 5\n")
        let sources = ConfigurationSources(
            flags: ["PORT": "80a"], environment: ["DATABASE_URL": "mysql://db", "OPENAI_RPM": "0"], file: file)

        let problems = problems(reading: sources)

        #expect(problems.map(\.key) == ["DATABASE_URL", "PORT", "OPENAI_RPM", "LEASE", "queue_sise_limit"])
        #expect(
            problems.map(\.source.description) == ["environment", "flag", "environment", "shop.yaml:1", "shop.yaml:2"])
        #expect(problems[1].description == "PORT = \"80a\" (flag): expected a whole number from 0 to 65535")
        #expect(problems[4].expected == "unknown setting; did you mean `queue_size_limit`?")
    }

    @Test func `count themselves and end with what to do`() {
        let error = ConfigurationError(problems: problems(reading: .init(flags: ["PORT": "x", "LEASE": "y"])))

        #expect(error.code == "configuration.invalid")
        #expect(error.description.hasPrefix("2 settings cannot be used:\n  PORT"))
        #expect(error.description.hasSuffix(error.hint))
    }

    @Test(arguments: [
        ("PORT", ["", "abc", "-1", "65536", "8080.0", "0x10", "1e3", "+1", "1__0", "99999999999999999999"]),
        ("DB_POOL_MAX", ["0", "1001", "off"]),
        ("MAX_PER_INSTANCE", ["0", "none", "-5"]),
        ("DB_QUERY_TIMEOUT", ["5", "s", "5 sec", "-5s", "9ms", "11m", "1e2s", "five", "infs", "nans"]),
        ("REQUEST_BODY_MAX", ["1", "MiB", "1XB", "-1MiB", "1023B", "65MiB", "0.3B"]),
        ("TRUSTED_PROXIES", ["", "proxy", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/8, x", "10/8", "none, none"]),
        ("RATE_LIMIT_EXEMPT_CIDRS", ["localhost", "::/129", "127.0.0.1:80"]),
        ("SANDBOX_SPEED", ["0", "fast", "nan", "inf", "-1", "1001", "1.2.3", "."]),
        ("SANDBOX", ["", "maybe", "1"]),
        ("LOG_LEVEL", ["loud", "7", "35", ""]),
        ("LOG_FORMAT", ["xml"]),
        ("HOST", ["", "a b", "http://x", "a/b"]),
        (
            "PUBLIC_URL",
            ["", "example.org", "ftp://x.org", "http://", "http://u:p@x.org", "http://x.org/?a=b", "http://a b"]
        ),
        ("OPENAI_BASE_URL", ["api.openai.com", "https://x.org:99999", "https://x.org/#v1"]),
        ("OPENAI_MODEL_IDEAS", ["", "two words", "a\u{0}b"]),
        ("REPLICATE_MODEL", ["flux", "/flux", "a/", "a/b/c"]),
        ("OPENAI_API_KEY", ["", "two words", "line\u{1}"]),
        ("ADMIN_TOKEN", ["short", "fifteen-letters"]),
        ("OUTPUT", ["", "a\u{0}b"]),
        (
            "DATABASE_URL",
            [
                "", "x", "mysql://a/b", "sqlite:", "sqlite::memory:", "sqlite:a/", "postgres:a", "postgres://a:b/c",
                "postgres://a:70000/c", "postgres://a b/c", "postgres://u@v@w/c",
            ]
        ),
    ])
    func `name the malformed value of every kind`(name: String, values: [String]) {
        let keys = ["OPENAI_API_KEY": "k"]
        for value in values {
            let problems = problems(reading: ConfigurationSources(flags: [name: value], environment: keys))

            #expect(problems.map(\.key) == [name], "\(name)=\(value)")
            #expect(problems.first?.expected.hasPrefix("expected ") == true)
        }
    }

    @Test func `show control characters as marks and long values shortened`() throws {
        let long = String(repeating: "x", count: 500)
        let sources = ConfigurationSources(flags: ["HOST": "a\u{1B}[31m\n b", "LOG_FORMAT": long])

        let shown = problems(reading: sources).map(\.shown)

        #expect(shown == ["\"a␣[31m␣ b\"", "\"\(String(repeating: "x", count: 60))…\""])
    }

    @Test func `include a pool minimum above the maximum`() {
        let problems = problems(reading: .init(environment: ["DB_POOL_MAX": "5", "DB_POOL_MIN": "6"]))

        #expect(
            problems.map(\.description) == [
                "DB_POOL_MIN = \"6\" (environment): expected no more than DB_POOL_MAX, which is 5"
            ])
    }

    @Test(arguments: [
        ("DATABSE_URL", "DATABASE_URL"), ("openai-api-kye", "OPENAI_API_KEY"), ("QUEUESIZELIMIT", "QUEUE_SIZE_LIMIT"),
    ])
    func `suggest the nearest name for an unknown flag`(typed: String, meant: String) {
        let problems = problems(reading: ConfigurationSources(flags: [typed: "5"]))

        #expect(problems.map(\.expected) == ["unknown setting; did you mean `\(meant)`?"])
    }

    @Test func `suggest nothing when no name is near`() {
        #expect(problems(reading: .init(flags: ["COLOUR": "red"])).map(\.expected) == ["unknown setting"])
    }
}
