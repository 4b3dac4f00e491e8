import HTTPTypes
import Testing

@testable import Outbound

@Suite struct `A secret` {
    @Test func `cannot be printed, however it is wrapped`() throws {
        let secret = Secret("sk-verysecret")
        let request = OutboundRequest(
            .post, try OutboundURL("https://h.io/v1?token=sk-verysecret"), headers: [.cookie: "sk-verysecret"],
            authorization: .bearer(secret), body: Array("sk-verysecret".utf8))
        let response = OutboundResponse(status: 200, headers: [:], body: Array("sk-verysecret".utf8))
        let things: [any Sendable] = [
            secret, [secret], ["k": secret], request, [request], response, Optional(secret) as any Sendable,
        ]

        for thing in things {
            var dumped = ""
            dump(thing, to: &dumped)
            for text in ["\(thing)", String(reflecting: thing), dumped] {
                #expect(!text.contains("verysecret"))
                #expect(!text.contains("115, 107, 45"))
            }
        }
        #expect("\(secret)" == "‹secret›")
    }
}

@Suite struct `Written JSON` {
    @Test func `keeps its order and leaves out what is nil`() {
        let json = JSONText.object([
            ("b", .integer(1)), ("gone", nil), ("a", .array([.null, .bool(true), .number(0.5)])),
        ])
        #expect(json.text == #"{"b":1,"a":[null,true,0.5]}"#)
    }

    @Test func `escapes what would break out of it`() {
        #expect(JSONText.string("a\"\\\n\u{1}\u{2028}é😀").text == #""a\"\\\n\u0001\u2028é😀""#)
    }
}
