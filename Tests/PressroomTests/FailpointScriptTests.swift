import Engine
import Testing

@testable import Pressroom

@Suite struct `A failpoint script` {
    @Test func `acts at the passage it names, and only then`() throws {
        let points = try FailpointScript.read(["PRESSROOM_FAILPOINTS": "content.received=throw@2"])

        try points.pass("content.received")
        try points.pass("draft.received")

        #expect(throws: StepFailure.self) { try points.pass("content.received") }
        try points.pass("content.received")
    }

    @Test func `counts from the passage of another place when it names one`() throws {
        let points = try FailpointScript.read(["PRESSROOM_FAILPOINTS": "drain>draft.performed=throw,drain=note"])

        try points.pass("draft.performed")
        try points.pass("drain")

        #expect(throws: StepFailure.self) { try points.pass("draft.performed") }
    }

    @Test(arguments: ["content.received", "content.received=explode", "a=stop:2", "a=kill@often", "=kill"])
    func `is refused when it cannot be read`(_ text: String) {
        #expect(throws: CommandError.self) { try FailpointScript.read(["PRESSROOM_FAILPOINTS": text]) }
    }
}
