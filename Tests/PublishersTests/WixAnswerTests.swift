import Foundation
import HTTPTypes
import Outbound
import Sandbox
import Testing

@testable import Publishers

/// What becomes of a step by what Wix answers. Of ``PublisherError/Retry``: `never` fails it, `backoff` and `after` try
/// it again and cost an attempt, `refused` lets it wait and costs none.
@Suite struct `An answer of Wix` {
    typealias Case = (status: Int, body: String, code: PublisherError.Code, retry: PublisherError.Retry)

    private static let burst = PublisherError.Retry.refused(after: .milliseconds(500))

    static let cases: [Case] = [
        (
            400, #"{"message":"no","details":{"validationError":{"fieldViolations":[{"field":"draftPost.title"}]}}}"#,
            .invalidPost, .never
        ),
        (
            400, #"{"message":"Missing post owner information","details":{"applicationError":{"code":"NO_OWNER"}}}"#,
            .invalidPost, .never
        ),
        (400, #"{"message":"memberIds [x] do not exist"}"#, .invalidPost, .never),
        (400, #"{"message":"Expected a paragraph node but found TEXT","details":{}}"#, .invalidPost, .never),
        (400, #"{"message":"","details":{"applicationError":{"code":-19}}}"#, .invalidPost, .never),
        (400, "<html>", .invalidPost, .never),
        (302, "", .unwritable, .never),
        (402, "{}", .unwritable, .never),
        (403, #"{"message":"","details":null}"#, .rateLimited, burst),
        (403, #"{"message":"","details":{}}"#, .rateLimited, burst),
        (403, #"{"message":"","details":{"applicationError":{}}}"#, .rateLimited, burst),
        (403, "{}", .rateLimited, burst),
        (403, "<html>", .rateLimited, burst),
        (403, "", .rateLimited, burst),
        (403, #"{"message":"PERMISSION_DENIED"}"#, .unwritable, .never),
        (403, #"{"message":"","details":{"applicationError":{"code":"FORBIDDEN"}}}"#, .unwritable, .never),
        (403, #"{"message":7,"details":{"applicationError":{"code":403}}}"#, .unwritable, .never),
        (404, "{}", .unwritable, .never),
        (408, "", .unreachable, .backoff),
        (409, #"{"message":"","details":{"applicationError":{"code":"ALREADY_EXISTS"}}}"#, .unreachable, .backoff),
        (413, "", .invalidPost, .never),
        (425, "", .unreachable, .backoff),
        (428, #"{"message":"wrong","details":{"applicationError":{"code":"WRONG_CATALOG"}}}"#, .unwritable, .never),
        (429, "", .rateLimited, burst),
        (429, #"{"message":"","details":{"applicationError":{"code":"RESOURCE_EXHAUSTED"}}}"#, .rateLimited, burst),
        (500, "", .unreachable, .backoff),
        (502, "<html>", .unreachable, .backoff),
        (503, "", .unreachable, .backoff),
        (504, "<html>", .unreachable, .backoff),
    ]

    @Test(arguments: cases)
    func `is retried only when that can help`(_ answer: Case) async throws {
        let wix = SandboxWix()
        wix.script(OutboundResponse(status: answer.status, body: Array(answer.body.utf8)))
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publisher().checkConnection(deadline: .seconds(5))
        }

        #expect(error?.code == answer.code)
        #expect(error?.retry == answer.retry)
    }

    @Test(arguments: [
        ("7", Duration.seconds(7)), ("0", .milliseconds(500)), ("-1", .milliseconds(500)), ("soon", .milliseconds(500)),
        ("1000000000", .seconds(3_600)), ("Sat, 21 Nov 2026 00:00:30 GMT", .seconds(30)),
        ("Fri, 20 Nov 2026 00:00:00 GMT", .milliseconds(500)),
    ])
    func `that asks to wait is heeded, within bounds`(_ text: String, _ wait: Duration) async throws {
        let wix = SandboxWix()
        wix.script(OutboundResponse(status: 429, headers: [.retryAfter: text]))
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publisher().checkConnection(deadline: .seconds(5))
        }

        #expect(error?.retry == .refused(after: wait))
    }

    @Test func `of 503 may ask to wait as well`() async throws {
        let wix = SandboxWix()
        wix.script(OutboundResponse(status: 503, headers: [.retryAfter: "7"]))
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publisher().checkConnection(deadline: .seconds(5))
        }

        #expect(error?.retry == .after(.seconds(7)))
    }

    @Test func `of 401 renews the token once, and then ends the step`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        wix.script(OutboundResponse(status: 401))
        _ = try await publisher.checkConnection(deadline: .seconds(5))
        #expect(wix.count(.wixToken) == 2)

        wix.script(OutboundResponse(status: 401), OutboundResponse(status: 401))
        let error = await #expect(throws: PublisherError.self) {
            try await publisher.checkConnection(deadline: .seconds(5))
        }
        #expect(error?.code == .unwritable)
        #expect(error?.retry == .never)
        #expect(error?.hint?.contains("Reconnect") == true)
        #expect(wix.count(.wixToken) == 3)
    }

    @Test func `of 404 says what is missing`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        let gone = await #expect(throws: PublisherError.self) {
            try await publisher.publish(PostID("gone"), deadline: .seconds(5))
        }
        try await publisher.remove(PostID("gone"), deadline: .seconds(5))
        wix.script(OutboundResponse(status: 404))
        let site = await #expect(throws: PublisherError.self) {
            try await publisher.createDraft(.make(), marker: "g1", deadline: .seconds(5))
        }

        #expect(gone?.code == .draftMissing)
        #expect(site?.code == .unwritable)
        #expect(site?.hint?.contains("blog") == true)
    }

    @Test func `that says why tells it, but not in Wix's own words`() async throws {
        let wix = SandboxWix()
        let body = """
            {"message":"Secret words","details":{"applicationError":{"code":"NOT_FOUND","description":"Secret"}}}
            """
        let id = try #require(HTTPField.Name("x-wix-request-id"))
        wix.script(OutboundResponse(status: 400, headers: [id: "1795.<17>"], body: Array(body.utf8)))
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publisher().checkConnection(deadline: .seconds(5))
        }

        #expect(error?.message == "Wix rejects the post: NOT_FOUND (request 1795.17)")
    }

    @Test func `that cannot be read is no success`() async throws {
        let wix = SandboxWix()
        wix.script(OutboundResponse(status: 200, body: Array("{\"site\":".utf8)))
        let error = await #expect(throws: PublisherError.self) {
            try await wix.publisher().checkConnection(deadline: .seconds(5))
        }

        #expect(error?.code == .unreachable)
    }

    @Test(arguments: [
        Fault.brokenUTF8, .doubleMembers, .deepJSON, .longNumber, .notANumber, .wrongSchema, .badJSON, .gatewayTimeout,
        .badGatewayHTML, .redirect, .slowDrip, .hugeBody, .halfBody, .hang,
    ])
    func `that no service should send ends in a draft or in an error, and never in two drafts`(
        _ fault: Fault
    ) async throws {
        let wix = SandboxWix(faults: [FaultRule(when: .init(operation: .wixDraftCreate), fault: fault, count: 1)])
        let publisher = wix.publisher()
        let first: DraftReceipt?
        do {
            first = try await publisher.createDraft(.make(), marker: "g1", deadline: .seconds(60))
        } catch is PublisherError {
            first = nil
        }
        let second = try await publisher.createDraft(.make(), marker: "g1", deadline: .seconds(60))

        #expect(wix.drafts().map(\.id) == [second.id.text])
        #expect(first == nil || first == second)
    }

    @Test func `after which 200 calls were made in a minute is a refusal`() async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        for _ in 0..<100 { _ = try await publisher.checkConnection(deadline: .seconds(5)) }
        let error = await #expect(throws: PublisherError.self) {
            try await publisher.checkConnection(deadline: .seconds(5))
        }
        #expect(error?.code == .rateLimited)

        wix.pass(.seconds(61))
        _ = try await publisher.checkConnection(deadline: .seconds(5))
    }
}

@Suite struct `Refusals by a Wix site` {
    private func refusal(_ wix: SandboxWix, _ publisher: WixPublisher, status: Int) async -> PublisherError? {
        wix.script(OutboundResponse(status: status))
        return await #expect(throws: PublisherError.self) {
            try await publisher.checkConnection(deadline: .seconds(5))
        }
    }

    @Test(arguments: [403, 429])
    func `are waited for longer and longer, until a call is admitted`(_ status: Int) async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        var pauses: [PublisherError.Retry?] = []
        for _ in 0..<6 { pauses.append(await refusal(wix, publisher, status: status)?.retry) }
        _ = try await publisher.checkConnection(deadline: .seconds(5))
        pauses.append(await refusal(wix, publisher, status: status)?.retry)

        let expected: [PublisherError.Retry?] = [500, 1_500, 4_000, 9_000, 20_000, 20_000, 500].map {
            .refused(after: .milliseconds($0))
        }
        #expect(pauses == expected)
    }

    @Test(arguments: [403, 429])
    func `without a word are not believed for ever`(_ status: Int) async throws {
        let wix = SandboxWix()
        let publisher = wix.publisher()
        var codes: [PublisherError.Code?] = []
        for _ in 0..<32 {
            codes.append(await refusal(wix, publisher, status: status)?.code)
            wix.pass(.seconds(20))
        }

        // Ten minutes, and what was asked at their end.
        #expect(codes.prefix(31).allSatisfy { $0 == .rateLimited })
        #expect(codes.last == (status == 403 ? .unwritable : .rateLimited))
        // After a silence of its own it is asked as before.
        wix.pass(.seconds(200))
        #expect(await refusal(wix, publisher, status: status)?.code == .rateLimited)
    }
}
