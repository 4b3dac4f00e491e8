import Logging
import Outbound
import Testing

@testable import Pressroom

@Suite struct `Configuration values` {
    @Test(arguments: [
        ("400ms", Duration.milliseconds(400)), ("15s", .seconds(15)), ("1.5s", .milliseconds(1_500)),
        ("10m", .seconds(600)), (" 2 s ", .seconds(2)),
    ])
    func `are durations with their unit`(text: String, duration: Duration) throws {
        let configuration = try Configuration(environment: ["DB_QUERY_TIMEOUT": text])

        #expect(configuration.storage.queryTimeout == duration)
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.milliseconds(400), "400ms"), (.milliseconds(1_500), "1500ms"), (.seconds(90), "90s"),
        (.seconds(600), "10m"), (.seconds(7_200), "2h"), (.seconds(14 * 86_400), "14d"),
    ])
    func `show a duration so that it reads back the same`(duration: Duration, text: String) {
        #expect(DurationText.text(duration) == text)
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        ("2048B", 2_048), ("64KiB", 65_536), ("1MiB", 1_048_576), ("1mib", 1_048_576), ("2 MB", 2_000_000),
        ("1.5KiB", 1_536),
    ])
    func `are sizes with their unit`(text: String, bytes: Int) throws {
        #expect(try Configuration(environment: ["REQUEST_BODY_MAX": text]).serving.requestBodyBytesMax == bytes)
    }

    @Test(arguments: [(1, "1B"), (1_500, "1500B"), (65_536, "64KiB"), (1 << 20, "1MiB"), (3 << 30, "3GiB")])
    func `show a size so that it reads back the same`(bytes: Int, text: String) {
        #expect(ByteSize.text(bytes) == text)
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test func `are whole numbers whose digits may be grouped`() throws {
        #expect(try Configuration(environment: ["OPENAI_TPM": "2_000_000"]).languageModel.tokensPerMinute == 2_000_000)
    }

    @Test(arguments: [
        ("debug", Logger.Level.debug), ("INFO", .info), ("warn", .warning), ("fatal", .critical), ("2", .info),
        ("0", .trace),
        ("30", .info), ("50", .error),
    ])
    func `are log levels by name, by rank or by the tens of older deployments`(text: String, level: Logger.Level) throws
    {
        #expect(try Configuration(environment: ["LOG_LEVEL": text]).logs.level == level)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8"), ("127.0.0.1 ::1", "127.0.0.1/32, ::1/128"),
        (" 10.0.0.0/8 ,2001:DB8::/32", "10.0.0.0/8, 2001:db8::/32"), ("none", "none"), ("", "none"),
    ])
    func `are networks of proxies and of load tests`(text: String, shown: String) throws {
        for name in ["TRUSTED_PROXIES", "RATE_LIMIT_EXEMPT_CIDRS"] {
            let configuration = try Configuration(environment: [name: text])

            #expect(configuration.report.first { $0.name == name }?.value == shown)
        }
    }

    @Test func `are limits that can be off`() throws {
        let off = try Configuration(environment: ["MAX_PER_INSTANCE": "OFF"])
        let on = try Configuration(environment: ["MAX_PER_INSTANCE": "20", "REPLICATE_CONCURRENCY": "50"])

        #expect(off.work.tenantConcurrencyMax == nil)
        #expect(on.work.tenantConcurrencyMax == 20)
        #expect(on.images.concurrencyMax == 50)
    }

    @Test(arguments: ["sqlite:/var/lib/press.sqlite", "sqlite:///var/lib/press.sqlite", "SQLITE:/var/lib/press.sqlite"])
    func `are database files`(text: String) throws {
        let database = try Configuration(environment: ["DATABASE_URL": text]).storage.database

        #expect(database == .sqlite(path: "/var/lib/press.sqlite"))
    }

    @Test(arguments: [
        ("postgres://db/press", "postgres://db/press"),
        ("postgresql://me@db:5432/press?sslmode=require", "postgres://me@db:5432/press?sslmode=require"),
        ("postgres://me:pa:ss@h1:1,h2:2/press", "postgres://me:‹secret›@h1:1,h2:2/press"),
        ("postgres:///press?host=/run/pg&password=hush", "postgres:///press?host=/run/pg&password=‹secret›"),
        ("postgres://me:hush@[::1]:5432/press", "postgres://me:‹secret›@[::1]:5432/press"),
        ("postgres://127.0.0.1", "postgres://127.0.0.1"),
    ])
    func `are servers, passed on whole and shown without their password`(text: String, shown: String) throws {
        let configuration = try Configuration(environment: ["DATABASE_URL": text])

        #expect(configuration.storage.database == .postgres(Secret(text), redacted: shown))
        #expect(configuration.report.first?.value == shown)
    }
}
