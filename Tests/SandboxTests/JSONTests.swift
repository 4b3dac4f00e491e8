import Sandbox
import Testing

@Suite struct `JSON` {
    @Test(arguments: [
        #"{"b":1,"a":[true,false,null,-2.5,"x"]}"#, #""line\nbreak \"quoted\" \\ \t""#, #"[]"#, #"{}"#, "0", "-17",
        #""é😀""#,
    ])
    func `is written as it was read`(text: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)).json == text)
    }

    @Test func `reads escapes and large numbers`() throws {
        #expect(try JSONValue(parsing: Array(#""\u00e9\ud83d\ude00\/""#.utf8)) == "é😀/")
        #expect(try JSONValue(parsing: Array("1e3".utf8)) == .double(1000))
        #expect(try JSONValue(parsing: Array("12345678901234567890".utf8)).number == 12_345_678_901_234_567_168)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "01", "1.", "tru", "\"\u{1}\"", #""\ud83d""#, "1 2", "NaN", "'a'", #"{"a":1,}"#,
        #""\x""#, "1e999",
    ])
    func `refuses what is not JSON`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func `refuses to be nested without end`() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(String(repeating: "[", count: 100_000).utf8)) }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }
}
