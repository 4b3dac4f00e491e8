import FoundationEssentials
import HTTPTypes
import Testing

@testable import Outbound

@Suite struct `A wait that a server asks for` {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    let now = Date(timeIntervalSince1970: 784_111_777)

    @Test(arguments: [
        ("30", Duration.seconds(30)), ("0", .zero), ("1.5", .milliseconds(1_500)), (" 7 ", .seconds(7)),
        ("Sun, 06 Nov 1994 08:50:07 GMT", .seconds(30)), ("Sunday, 06-Nov-94 08:50:07 GMT", .seconds(30)),
        ("Sun Nov  6 08:50:07 1994", .seconds(30)), ("Sun, 06 Nov 1994 08:00:00 GMT", .zero),
        ("3600", .seconds(3_600)), ("3601", .seconds(3_600)), ("999999999", .seconds(3_600)),
    ])
    func `is read`(_ text: String, _ expected: Duration) {
        #expect(RetryAfter.wait(in: [.retryAfter: text], now: now) == expected)
    }

    @Test(arguments: [("30000", Duration.seconds(30_000)), ("999999999", .seconds(86_400))])
    func `may be a day where a day is meant`(_ text: String, _ expected: Duration) {
        #expect(RetryAfter.wait(in: [.retryAfter: text], now: now, atMost: RetryAfter.day) == expected)
    }

    @Test(arguments: ["", "soon", "-5", "nan", "1e3", "Sun, 32 Nov 1994 08:50:07 GMT", "Sun, 06 Foo 1994 08:50:07 GMT"])
    func `is no wait when it cannot be read`(_ text: String) {
        #expect(RetryAfter.wait(in: [.retryAfter: text], now: now) == nil)
    }

    @Test func `is read from milliseconds first`() {
        let headers: HTTPFields = [.retryAfter: "1", .retryAfterMilliseconds: "250"]
        #expect(RetryAfter.wait(in: headers, now: now) == .milliseconds(250))
    }
}
