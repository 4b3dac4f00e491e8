import ProductKit
import Testing

@testable import Pressroom

@Suite struct `A settings file` {
    @Test(arguments: [
        "db_pool_max: 20", "DB_POOL_MAX: 20", "db-pool-max: 20", "db: {pool_max: 20}", "db:\n  pool:\n    max: '20'",
    ])
    func `may write a name in capitals, with dashes or in sections`(text: String) throws {
        #expect(try Configuration(file: text).storage.poolMax == 20)
    }

    @Test(arguments: ["", "\n", "# nothing yet\n", "port: null", "port: ~", "port:", "port: ''", "{}"])
    func `may leave things unset`(text: String) throws {
        #expect(try Configuration(file: text).serving.port == 8080)
    }

    @Test func `keeps on and off as words`() throws {
        let configuration = try Configuration(file: "sandbox: on\nmax_per_instance: off\n")

        #expect(configuration.sandbox.mode == .on)
        #expect(configuration.work.tenantConcurrencyMax == nil)
    }

    @Test func `says which names it does not know, and shows no value of theirs`() {
        let problems = fileProblems("port: 1\nopenai:\n  key: sk-very-private\n")

        #expect(problems == ["openai_key (pressroom.yaml:3): unknown setting; did you mean `openai_api_key`?"])
    }

    @Test(arguments: [
        ("- a\n", "settings file (pressroom.yaml): expected settings such as `port: 8080`"),
        ("hello", "settings file (pressroom.yaml): expected settings such as `port: 8080`"),
        ("port: [1, 2]", "port (pressroom.yaml:1): expected one value, not a list"),
        ("db: {pool_max: 5}\ndb_pool_max: 6", "db_pool_max (pressroom.yaml:2): given twice in the file"),
        ("port: {number: 5}", "port_number (pressroom.yaml:1): unknown setting"),
        ("[a, b]: 5", "settings file (pressroom.yaml:1): expected a plain name before the colon"),
    ])
    func `says what is wrong with its shape`(text: String, problem: String) {
        #expect(fileProblems(text) == [problem])
    }

    @Test(arguments: [
        "port: \"unclosed", "a: b: c", "port: 1\n\tlease: 2s", "port: 1\nport: 2", "x: *nobody", "a: &a [*a]",
    ])
    func `that is not YAML is refused with a reason and none of its text`(text: String) throws {
        let problem = try #require(fileProblems(text).first)

        #expect(problem.hasPrefix("settings file (pressroom.yaml"))
        #expect(!problem.contains("unclosed") && !problem.contains("2s"))
    }

    @Test func `that is unreadable is one problem among the others`() {
        let file = ConfigurationFile(name: "away.yaml", contents: .unreadable("there is no such file"))

        let problems = problems(reading: ConfigurationSources(flags: ["PORT": "x"], file: file)).map(\.description)

        #expect(problems.first == "settings file (away.yaml): cannot be read: there is no such file")
        #expect(problems.count == 2)
    }

    @Test func `that is too large, too deep or too long is refused`() {
        let deep = String(repeating: "{a: ", count: 20) + "1" + String(repeating: "}", count: 20)
        let long = (0..<600).map { "key\($0): 1\n" }.joined()
        let large = "# " + String(repeating: "x", count: 2 << 20)

        #expect(
            fileProblems("root: " + deep) == [
                "settings file (pressroom.yaml:1): has too many or too deeply nested settings"
            ])
        #expect(fileProblems(long).first?.contains("too many") == true)
        #expect(fileProblems(large) == ["settings file (pressroom.yaml): is larger than 1MiB"])
    }

    @Test func `gives prices, and a model it prices replaces ours`() throws {
        let configuration = try Configuration(
            file: """
                prices:
                  gpt-6-luna: {input: 0.12, output: 0.6}
                  my.own/model: {image: 0.025}
                """)

        #expect(configuration.prices["gpt-6-luna"]?.inputNanodollars == 120)
        #expect(configuration.prices["gpt-6-luna"]?.outputNanodollars == 600)
        #expect(configuration.prices["my.own/model"]?.imageNanodollars == 25_000_000)
        #expect(configuration.prices["gpt-6.1-sol"]?.outputNanodollars == 10_000)
        #expect(configuration.prices["nobody"] == nil)
    }

    @Test(arguments: [
        "prices: 5", "prices: {m: 5}", "prices: {m: {inputs: 5}}", "prices: {m: {input: -1}}",
        "prices: {m: {input: cheap}}",
        "prices: {m: {input: 0.0001}}", "prices: {m: {image: 1000}}", "prices: {m: {input: {a: 1}}}",
    ])
    func `gives prices that are checked`(text: String) {
        let problems = fileProblems(text)

        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("PRICES") == true)
    }

    private func fileProblems(_ text: String) -> [String] {
        let file = ConfigurationFile(name: "pressroom.yaml", text: text)
        return problems(reading: ConfigurationSources(file: file)).map(\.description)
    }
}
