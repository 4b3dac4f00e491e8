import Providers
import Testing

@testable import ProductKit

@Suite struct `A reader of fields` {
    private enum Colour: String, CaseIterable { case red, blue }

    private func reader(_ json: String, prefix: String = "") throws -> FieldReader {
        FieldReader(try #require(JSON(text: json)?.object), prefix: prefix)
    }

    @Test func `gives what has the right form, and nil for what is absent or null`() throws {
        var reader = try reader(
            #"{"name": "  Ada ", "age": 36, "isKeen": true, "colour": "blue", "tags": ["a", " b "], "note": null}"#)
        #expect(reader.text("name", length: 1...10) == "Ada")
        #expect(reader.integer("age", in: 0...150) == 36)
        #expect(reader.boolean("isKeen") == true)
        #expect(reader.choice("colour", Colour.self) == .blue)
        #expect(reader.list("tags", count: 0...3, length: 1...5) == ["a", "b"])
        #expect(reader.text("note", length: 1...10) == nil)
        #expect(reader.text("other", length: 1...10) == nil)
        #expect(reader.mentions("name"))
        #expect(!reader.mentions("note"))
        reader.finish()
        #expect(reader.problems.isEmpty)
    }

    @Test func `gathers everything that is wrong`() throws {
        var reader = try reader(
            #"{"name": 5, "age": 3.5, "isKeen": "yes", "colour": "green", "tags": ["ok", 7], "text": "a\nb"}"#,
            prefix: "person.")
        _ = reader.text("name", length: 1...10)
        _ = reader.integer("age", in: 0...150)
        _ = reader.boolean("isKeen")
        _ = reader.choice("colour", Colour.self)
        _ = reader.list("tags", count: 0...3, length: 1...5)
        _ = reader.text("text", length: 1...10)
        _ = reader.required("title", length: 1...10)
        #expect(
            reader.problems.map(\.field) == [
                "person.name", "person.age", "person.isKeen", "person.colour", "person.tags[1]", "person.text",
                "person.title",
            ])
    }

    @Test func `allows lines where they are wanted`() throws {
        var reader = try reader(#"{"text": "a\nb", "other": "a\u0007b"}"#)
        #expect(reader.text("text", length: 1...10, allowsLines: true) == "a\nb")
        #expect(reader.text("other", length: 1...10, allowsLines: true) == nil)
        #expect(reader.problems.map(\.field) == ["other"])
    }

    @Test(arguments: [
        ("titel", "did you mean title?"), ("Title", "did you mean title?"), ("tittle", "did you mean title?"),
        ("body", "known are: title"),
    ])
    func `names the field that was probably meant`(_ written: String, _ advice: String) throws {
        var reader = try reader("{\"\(written)\": \"x\"}")
        _ = reader.text("title", length: 1...10)
        reader.finish()
        #expect(reader.problems.map(\.field) == [written])
        #expect(reader.problems.first?.message.hasSuffix(advice) == true)
    }

    /// What a caller wrote is shown as one short line.
    @Test func `shows a foreign name without what could do harm`() throws {
        var reader = try reader("{\"a\\u202eb\\nc\(String(repeating: "x", count: 100))\": 1}")
        reader.finish()
        let shown = try #require(reader.problems.first?.field)
        #expect(shown.hasPrefix("a b cx"))
        #expect(shown.unicodeScalars.count == 40)
    }
}
