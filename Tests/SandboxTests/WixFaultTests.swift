import Foundation
import Sandbox
import Testing

/// What may go wrong with Wix, by the rows of the fault matrix that concern it; each can be asked for by a script.
@Suite struct `A fault of the simulated Wix` {
    struct Row: Sendable, CustomTestStringConvertible {
        let row: Int
        let rule: FaultRule
        /// Whether the plan for making a draft is what the rule asks for.
        let holds: @Sendable (Plan) -> Bool

        init(
            _ row: Int, _ fault: Fault, seconds: Double? = nil, text: String? = nil,
            _ holds: @escaping @Sendable (Plan) -> Bool
        ) {
            self.row = row
            rule = FaultRule(
                when: .init(operation: .wixDraftCreate), fault: fault, retryAfter: seconds, retryAfterText: text)
            self.holds = holds
        }

        var testDescription: String { "row \(row): \(rule.fault.rawValue) \(rule.retryAfterText ?? "")" }
    }

    static let rows: [Row] = [
        Row(18, .rateLimited, seconds: 7) { $0.response.status == 429 && $0.response[header: "retry-after"] == "7" },
        Row(18, .rateLimited, text: "Sat, 21 Nov 2026 00:00:30 GMT") {
            $0.response[header: "retry-after"] == "Sat, 21 Nov 2026 00:00:30 GMT"
        },
        Row(18, .rateLimited, text: "0") { $0.response[header: "retry-after"] == "0" },
        Row(18, .rateLimited, text: "-1") { $0.response[header: "retry-after"] == "-1" },
        Row(18, .rateLimited, text: "1000000000") { $0.response[header: "retry-after"] == "1000000000" },
        Row(18, .rateLimited, text: "soon") { $0.response[header: "retry-after"] == "soon" },
        Row(18, .overloaded, text: "9") { $0.response.status == 503 && $0.response[header: "retry-after"] == "9" },
        Row(19, .rateLimited) { $0.response.status == 429 && $0.response[header: "retry-after"] == nil },
        Row(19, .silentForbidden) { $0.response.status == 403 && $0.response.json == ["message": ""] },
        Row(20, .serverError) { $0.response.status == 500 },
        Row(20, .badGatewayHTML) { $0.response.status == 502 && $0.response[header: "content-type"] == "text/html" },
        Row(20, .overloaded) { $0.response.status == 503 },
        Row(20, .gatewayTimeout) { $0.response.status == 504 },
        Row(21, .hang) { if case .silence = $0.ending { true } else { false } },
        Row(21, .slow) { $0.delay == .seconds(25) },
        Row(21, .slowDrip) {
            guard case .stream(_, let pieces, let pause, let isCut) = $0.ending else { return false }
            return pieces.allSatisfy { $0.count == 1 } && pause == .seconds(1) && !isCut
        },
        Row(21, .halfBody) {
            guard case .cut(let whole, let count) = $0.ending else { return false }
            return count == whole.body.count / 2
        },
        Row(22, .badJSON) { $0.response.json == .null },
        Row(22, .brokenUTF8) { String(validating: $0.response.body, as: UTF8.self) == nil },
        Row(22, .doubleMembers) {
            $0.response.json.object?.members.map(\.name) == ["draftPost", "draftPost"]
        },
        Row(22, .deepJSON) { $0.response.body.count == 200_000 && $0.response.body[99_999] == UInt8(ascii: "[") },
        Row(22, .longNumber) { $0.response.body.count > 1_000_000 },
        Row(22, .notANumber) { String(decoding: $0.response.body, as: UTF8.self).contains("NaN") },
        Row(23, .wrongSchema) { $0.response.status == 200 && $0.response.json == ["unexpected": true] },
        Row(26, .hugeBody) {
            guard case .stream(_, let pieces, _, _) = $0.ending else { return false }
            return pieces.count * (pieces.first?.count ?? 0) == 64 << 20
        },
        Row(26, .hugeHeader) { ($0.response[header: "x-filler"]?.count ?? 0) == 300_000 },
        Row(26, .encodedBody) { $0.response[header: "content-encoding"] == "gzip" },
        Row(26, .redirect) { $0.response.status == 302 && $0.response[header: "location"] != nil },
        Row(28, .invalidKey) { $0.response.status == 401 },
        Row(29, .forbidden) { $0.response.status == 403 && $0.response.wixCode == "FORBIDDEN" },
        Row(29, .appRemoved) { $0.response.status == 401 },
    ]

    @Test(arguments: rows)
    func `can be asked for by a script`(_ row: Row) throws {
        var wix = try WixFixture()
        let post = WixFixture.post(wix.member())
        #expect(row.rule.problems == [])
        let written = try FaultRule.list(from: Array(JSONEncoder().encode([row.rule])))
        wix.sandbox.core.play(written)

        let plan = wix.plan("POST", "blog/v3/draft-posts", ["draftPost": .object(post)])

        #expect(row.holds(plan), "\(plan.response.status) \(plan.response.headers)")
    }

    /// Those that refuse the call; after all others the draft is there, and only its answer is wrong.
    static let refusals: Set<Fault> = [
        .rateLimited, .silentForbidden, .serverError, .overloaded, .invalidKey, .forbidden, .appRemoved,
    ]

    @Test(arguments: rows)
    func `leaves a draft behind unless it refuses`(_ row: Row) throws {
        var wix = try WixFixture()
        let post = WixFixture.post(wix.member())
        wix.sandbox.core.play([row.rule])

        _ = wix.plan("POST", "blog/v3/draft-posts", ["draftPost": .object(post)])

        let drafts = wix.sandbox.core.wixSite(wix.site)?.drafts.count
        #expect(drafts == (Self.refusals.contains(row.rule.fault) ? 0 : 1))
    }

    /// Rows 28 and 29: the app is removed while a token is asked for, before a draft, or before it is published.
    @Test(arguments: [Sandbox.Operation.wixToken, .wixDraftCreate, .wixPublish])
    func `removes the app just then, and it stays removed`(_ operation: Sandbox.Operation) throws {
        var wix = try WixFixture()
        let post = WixFixture.post(wix.member())
        let id = wix.makeDraft(post).json["draftPost"]?["id"]?.text ?? ""
        wix.sandbox.core.play([FaultRule(when: .init(operation: operation), fault: .appRemoved, count: 1)])

        switch operation {
        case .wixToken: #expect(wix.askForToken().status == 400)
        case .wixDraftCreate: #expect(wix.makeDraft(post).status == 401)
        default: #expect(wix.call("POST", "blog/v3/draft-posts/\(id)/publish", [:]).status == 401)
        }
        #expect(wix.askForToken().status == 400)
        #expect(wix.sandbox.core.wixSite(wix.site)?.drafts.map(\.isPublished) == [false])
    }

    @Test(arguments: [Fault.appRemoved, .silentForbidden, .webhookForged])
    func `does not happen to other providers`(_ fault: Fault) {
        #expect(!FaultRule(when: .init(operation: .article), fault: fault).problems.isEmpty)
        #expect(!FaultRule(when: .init(operation: .imageCreate), fault: fault).problems.isEmpty)
    }

    @Test func `has a text of its own for Retry-After at any provider, and no nonsense in it`() {
        let rule = FaultRule(fault: .rateLimited, retryAfter: 3, retryAfterText: "soon")
        var sandbox = SandboxFixture { $0.faults = [rule] }

        #expect(sandbox.chat().response[header: "retry-after"] == "soon")
        #expect(!FaultRule(fault: .rateLimited, retryAfterText: "a\nb").problems.isEmpty)
        #expect(!FaultRule(fault: .rateLimited, retryAfterText: String(repeating: "1", count: 201)).problems.isEmpty)
    }
}
