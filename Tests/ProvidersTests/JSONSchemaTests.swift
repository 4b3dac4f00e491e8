import Outbound
import Testing

@testable import Providers

@Suite struct `A JSON schema` {
    static let ideas = JSONSchema.object(
        name: "ideas",
        [
            "ideas": .array(
                of: .object([
                    "title": .string("A headline.", length: 1...20), "format": .choice(["guide", "list"]),
                    "score": .integer(in: 1...10), "why": .string().nullable,
                ]), count: 2...3),
            "done": .boolean(),
        ])

    static func idea(_ title: String = "Rye") -> JSON {
        ["title": .string(title), "format": "guide", "score": 5, "why": .null]
    }

    @Test func `is written in the strict subset, members in order`() {
        #expect(
            Self.ideas.jsonText.text == """
                {"type":"object","properties":{"ideas":{"type":"array","items":{"type":"object","properties":\
                {"title":{"type":"string","description":"A headline. 1 to 20 characters."},\
                "format":{"type":"string","enum":["guide","list"]},"score":{"type":"integer","minimum":1,"maximum":10},\
                "why":{"type":["string","null"]}},"required":["title","format","score","why"],\
                "additionalProperties":false},"minItems":2,"maxItems":3},"done":{"type":"boolean"}},\
                "required":["ideas","done"],"additionalProperties":false}
                """)
    }

    @Test func `accepts what fits`() {
        #expect(Self.ideas.check(["ideas": [Self.idea(), Self.idea()], "done": true]) == [])
    }

    @Test(
        arguments: [
            (JSON.string("no"), "the answer must be an object, not text"),
            (["ideas": [idea(), idea()]], "done is missing"),
            (["ideas": [idea()], "done": true], "ideas has 1 item; at least 2 are needed"),
            (["ideas": [idea(), idea(), idea(), idea()], "done": true], "ideas has 4 items; at most 3 are allowed"),
            (
                ["ideas": [idea(), idea("A headline that is far too long")], "done": true],
                "ideas[1].title has 31 characters; at most 20 are allowed"
            ),
            (["ideas": [idea(), idea("")], "done": true], "ideas[1].title has 0 characters; at least 1 are needed"),
            (
                ["ideas": [idea(), ["title": "a", "format": "poem", "score": 1, "why": "x"]], "done": true],
                "ideas[1].format must be one of: guide, list"
            ),
            (
                ["ideas": [idea(), ["title": "a", "format": "list", "score": 11, "why": "x"]], "done": true],
                "ideas[1].score must be from 1 to 10"
            ),
            (
                ["ideas": [idea(), ["title": "a", "format": "list", "score": 1.5, "why": "x"]], "done": true],
                "ideas[1].score must be a whole number"
            ),
            (["ideas": [idea(), idea()], "done": "yes"], "done must be true or false, not text"),
            (
                ["ideas": [idea(), idea()], "done": true, "<script>": 1],
                "the answer has 1 unknown member(s); allowed are: ideas, done"
            ),
        ] as [(JSON, String)])
    func `says in words what is wrong`(_ answer: JSON, _ expected: String) {
        #expect(Self.ideas.check(answer).map(\.description) == [expected])
    }

    @Test func `bounds its complaints`() {
        let many = JSON.array(Array(repeating: "x", count: 10_000))
        #expect(Self.ideas.check(["ideas": many, "done": true]).count <= JSONSchema.problemsMax)
    }
}

@Suite struct `A completion` {
    struct Title: Decodable, Equatable { let title: String }
    let schema = JSONSchema.object(["title": .string(length: 1...10)])

    @Test(arguments: [
        #"{"title":"Rye"}"#, "```json\n{\"title\":\"Rye\"}\n```", "Here you are:\n{\"title\":\"Rye\"} Enjoy!",
    ])
    func `is decoded, also out of a fence or a sentence`(_ content: String) throws {
        guard case .valid(let title) = completion(content).decode(Title.self, matching: schema) else {
            Issue.record("not valid")
            return
        }
        #expect(title == Title(title: "Rye"))
    }

    @Test(arguments: ["", "no", "{", "[]", #"{"title":"much too long a title"}"#, "}{"])
    func `tells what a repair must change`(_ content: String) throws {
        guard case .invalid(let problems) = completion(content).decode(Title.self, matching: schema) else {
            Issue.record("valid")
            return
        }
        #expect(!problems.isEmpty)
        let repaired = Prompt(model: "m", system: "s", user: "u", outputTokensMax: 9).repairing(
            content, problems: problems)
        #expect(repaired.messages.count == 4)
        #expect(repaired.messages[3].text.contains(problems[0].description))
    }

    private func completion(_ content: String) -> Completion { Completion(content: content, usage: nil, model: "m") }
}

@Suite struct `Any JSON` {
    @Test(arguments: [#"{"a":[1,2.5,"x",true,null],"b":{}}"#, "[]", "3", "\"x\"", "null"])
    func `is read and written again`(_ text: String) { #expect(JSON(text: text)?.jsonText.text == text) }

    @Test(arguments: ["", "{", "<html>", "{\"a\":}", "nul"])
    func `is not read from anything else`(_ text: String) { #expect(JSON(text: text) == nil) }

    @Test func `nested beyond reason is refused, not fatal`() {
        #expect(JSON(text: String(repeating: "[", count: 100_000)) == nil)
        #expect(JSON(text: String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)) == nil)
    }
}
