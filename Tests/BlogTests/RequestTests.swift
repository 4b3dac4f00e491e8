import Foundation
import ProductKit
import Testing

@testable import Blog

@Suite struct `A request` {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)  // 2027-01-15T08:00:00Z

    private func read(_ json: String) throws -> GenerationRequest {
        try GenerationRequest.read(Array(json.utf8), now: Self.now)
    }

    private func problems(_ json: String) -> [FieldProblem] {
        do {
            _ = try read(json)
            return []
        } catch let error as BlogError {
            #expect(error.code == .validationFailed)
            #expect(error.kind == .invalid)
            return error.problems
        } catch {
            Issue.record("unexpected \(error)")
            return []
        }
    }

    @Test func `needs a source and nothing else`() throws {
        let request = try read(#"{"sourceType": "keyword", "sourceId": "  sourdough starter "}"#)

        #expect(request.sourceType == .keyword)
        #expect(request.sourceId == "sourdough starter")
        #expect(request.words == nil)
    }

    @Test func `may say everything`() throws {
        let request = try read(
            #"""
            {"sourceType": "product", "sourceId": "basket", "autoSelect": true, "tone": "dry", "language": "pt-BR",
             "words": 300, "audience": "bakers", "keywords": ["rye", "crust"], "avoid": ["cheap"], "image": "product",
             "publishMode": "schedule", "publishAt": "2027-02-01T09:00", "timeZone": "Europe/Lisbon",
             "selectedIdea": {"title": "Nine Loaves", "why": "w", "audience": "a", "format": "f", "keywords": ["k"]},
             "reviewRequired": false}
            """#)

        #expect(request.words == 300)
        #expect(request.keywords == ["rye", "crust"])
        #expect(
            request.selectedIdea == Idea(title: "Nine Loaves", why: "w", audience: "a", format: "f", keywords: ["k"]))
        #expect(request.publishAt?.description == "2027-02-01T09:00:00.000Z")
    }

    @Test func `takes an idea as a title alone, and null for what is left out`() throws {
        let request = try read(#"{"sourceType":"keyword","sourceId":"rye","selectedIdea":"Nine Loaves","tone":null}"#)

        #expect(request.selectedIdea == Idea(title: "Nine Loaves"))
        #expect(request.tone == nil)
    }

    /// Field, what its problem says, and the members beside a source.
    static let wrong: [(String, String, String)] = [
        ("tone", "must be text", #""tone": 5"#),
        ("tone", "must not be empty", #""tone": "  ""#),
        ("tone", "at most 80", "\"tone\": \"\(String(repeating: "x", count: 81))\""),
        ("tone", "control characters", #""tone": "a\u0007b""#),
        ("tone", "control characters", #""tone": "a\nb""#),
        ("tone", "control characters", #""tone": "a\u202Eb""#),
        ("language", "language tag", #""language": "english please""#),
        ("language", "at least 2", #""language": "e""#),
        ("language", "language tag", #""language": "e-e""#),
        ("words", "from 300 to 3000", #""words": 299"#),
        ("words", "from 300 to 3000", #""words": 3001"#),
        ("words", "from 300 to 3000", #""words": 300.5"#),
        ("words", "from 300 to 3000", #""words": "900""#),
        ("words", "from 300 to 3000", #""words": 1e99"#),
        ("autoSelect", "true or false", #""autoSelect": "yes""#),
        ("autoSelect", "true or false", #""autoSelect": 1"#),
        ("audience", "at most 200", "\"audience\": \"\(String(repeating: "x", count: 201))\""),
        ("keywords", "list of texts", #""keywords": "rye, wheat""#),
        ("keywords[1]", "must be text", #""keywords": ["rye", 5]"#),
        ("keywords[0]", "must not be empty", #""keywords": [""]"#),
        ("keywords", "0 to 20", "\"keywords\": [\(Array(repeating: "\"k\"", count: 21).joined(separator: ","))]"),
        ("avoid[0]", "at most 80", "\"avoid\": [\"\(String(repeating: "x", count: 81))\"]"),
        ("image", "must be one of: auto, product, none", #""image": "photo""#),
        ("image", "only when sourceType is product", #""image": "product""#),
        ("publishMode", "must be one of: draft, schedule, publish", #""publishMode": "live""#),
        ("publishAt", "is missing", #""publishMode": "schedule""#),
        ("publishAt", "only for publishMode schedule", #""publishAt": "2027-02-01T09:00:00Z""#),
        ("publishAt", "in the past", #""publishMode": "schedule", "publishAt": "2027-01-15T07:59:00Z""#),
        ("publishAt", "366 days", #""publishMode": "schedule", "publishAt": "2028-02-01T09:00:00Z""#),
        ("publishAt", "has no offset", #""publishMode": "schedule", "publishAt": "2027-02-01T09:00""#),
        ("publishAt", "must be a time", #""publishMode": "schedule", "publishAt": "tomorrow""#),
        ("publishAt", "must be a time", #""publishMode": "schedule", "publishAt": "2027-02-30T09:00:00Z""#),
        (
            "publishAt", "does not exist",
            #""publishMode": "schedule", "publishAt": "2027-03-28T02:30", "timeZone": "Europe/Berlin""#
        ),
        ("timeZone", "name of a time zone", #""timeZone": "Mars/Olympus""#),
        ("timeZone", "name of a time zone", #""timeZone": "PST""#),
        ("selectedIdea", "a title or an object", #""selectedIdea": 3"#),
        ("selectedIdea.title", "is missing", #""selectedIdea": {}"#),
        ("selectedIdea.title", "at least 3", #""selectedIdea": {"title": "x"}"#),
        ("selectedIdea.colour", "not a known field", #""selectedIdea": {"title": "Nine", "colour": "red"}"#),
        ("reviewRequired", "cannot be true yet", #""reviewRequired": true"#),
        ("colour", "is not a known field", #""colour": "red""#),
        ("autoselect", "did you mean autoSelect?", #""autoselect": true"#),
        ("word", "did you mean words?", #""word": 900"#),
        ("keywrods", "did you mean keywords?", #""keywrods": []"#),
    ]

    @Test(arguments: wrong)
    func `names the field that is wrong, and how`(_ field: String, _ message: String, _ members: String) {
        let problems = problems("{\"sourceType\": \"keyword\", \"sourceId\": \"rye\", \(members)}")

        #expect(problems.map(\.field) == [field])
        #expect(problems.first?.message.contains(message) == true, "\(problems)")
    }

    @Test(arguments: [
        ("{}", ["sourceType", "sourceId"]), (#"{"sourceType": "rss", "sourceId": ""}"#, ["sourceType", "sourceId"]),
        (
            #"{"sourceType": "keyword", "sourceId": 5, "words": 1, "tone": [], "x": 1}"#,
            ["sourceId", "tone", "words", "x"]
        ),
    ])
    func `reports every problem at once`(_ json: String, _ fields: [String]) {
        #expect(problems(json).map(\.field) == fields)
    }

    @Test func `may have a source of 200 characters and no more`() throws {
        func json(_ count: Int) -> String {
            "{\"sourceType\":\"keyword\",\"sourceId\":\"\(String(repeating: "ü", count: count))\"}"
        }
        #expect(try read(json(200)).sourceId.count == 200)
        #expect(problems(json(201)).map(\.message) == ["has 201 characters; at most 200 are allowed"])
    }

    @Test func `cannot hide thousands of scalars in one character`() {
        let tower = "e" + String(repeating: "\u{301}", count: 500)

        #expect(problems("{\"sourceType\":\"keyword\",\"sourceId\":\"\(tower)\"}").map(\.field) == ["sourceId"])
    }

    @Test(arguments: ["", "{", "nonsense", "{\"sourceType\": }", "\u{FF}", "[1]", "\"text\"", "null"])
    func `that is no object is refused as a whole`(_ body: String) {
        #expect { try read(body) } throws: { error in
            (error as? BlogError)?.code == .requestMalformed && (error as? BlogError)?.kind == .malformed
        }
    }

    @Test func `never has its own text repeated in a refusal`() {
        let problems = problems(#"{"sourceType": "<script>", "sourceId": "x", "language": "<b>"}"#)

        #expect(problems.count == 2)
        #expect(!problems.description.contains("<"))
    }

    @Test func `made by hand is checked as one that was read`() {
        var request = GenerationRequest(sourceId: "a\u{0}b")
        request.words = 5
        request.keywords = [""]
        request.timeZone = "Nowhere"
        request.publishMode = .schedule

        #expect(
            request.problems(now: Self.now).map(\.field) == [
                "sourceId", "words", "keywords[0]", "timeZone", "publishAt",
            ])
    }
}

@Suite struct `A selection` {
    @Test func `names an idea and perhaps another title`() throws {
        #expect(try Selection.read(Array(#"{"index": 4}"#.utf8)) == .pick(index: 4, title: nil))
        #expect(try Selection.read(Array(#"{"ideaIndex": 0, "title": "Mine"}"#.utf8)) == .pick(index: 0, title: "Mine"))
        #expect(try Selection.readRegeneration([]) == .regenerate(hint: nil))
        #expect(try Selection.readRegeneration(Array(#"{"hint": "more fun"}"#.utf8)) == .regenerate(hint: "more fun"))
    }

    @Test(arguments: [#"{"index": 5}"#, #"{"index": -1}"#, #"{"index": 999999}"#])
    func `out of range is a conflict, not nonsense`(_ json: String) {
        #expect { try Selection.read(Array(json.utf8)) } throws: { error in
            (error as? BlogError)?.code == .selectionOutOfRange && (error as? BlogError)?.kind == .conflict
        }
    }

    @Test(arguments: [
        ("{}", "index"), (#"{"index": "2"}"#, "index"), (#"{"index": 1.5}"#, "index"), (#"{"index": null}"#, "index"),
        (#"{"index": 1, "title": ""}"#, "title"), (#"{"index": 1, "x": 2}"#, "x"),
    ])
    func `that is wrong says where`(_ json: String, _ field: String) {
        #expect { try Selection.read(Array(json.utf8)) } throws: { error in
            (error as? BlogError)?.problems.map(\.field) == [field]
        }
    }
}

@Suite struct `A site's settings` {
    @Test func `change in the fields that are given`() throws {
        var present = SiteSettings()
        present.words = 1_200

        let changed = try SiteSettings.read(Array(#"{"tone": "dry", "autoSelect": true}"#.utf8), over: present)

        #expect(changed.tone == "dry")
        #expect(changed.autoSelect)
        #expect(changed.words == 1_200)
    }

    @Test func `refuse what makes no sense`() {
        let json = #"{"words": 1, "publishMode": "schedule", "language": "!", "colour": 1}"#

        #expect { try SiteSettings.read(Array(json.utf8), over: SiteSettings()) } throws: { error in
            (error as? BlogError)?.problems.map(\.field) == ["language", "words", "colour", "publishMode"]
        }
    }
}
