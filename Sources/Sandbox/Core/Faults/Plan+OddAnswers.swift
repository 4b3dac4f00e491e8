/// Answers that no service should send.
extension Plan {
    private static let blank = [UInt8](repeating: UInt8(ascii: " "), count: 64 * 1024)
    private static let blanks = 1_024
    private static let depth = 100_000
    private static let digits = 1_000_000
    private static let headerLength = 300_000

    /// The plan with such an answer instead of its own; nil for other faults.
    func turned(by fault: Fault) -> Plan? {
        guard case .respond(let response) = ending else { return nil }
        if let ending = oddEnding(fault, response) { return Plan(after: delay, ending) }
        return oddBody(fault, response.body).map { Plan(after: delay, .respond(response.with(body: $0))) }
    }

    /// With this text in its answer's `Retry-After`, whatever stood there.
    func asking(toWait text: String?) -> Plan {
        guard let text, case .respond(var response) = ending else { return self }
        response.headers.removeAll { $0.name.hasPrefix("retry-after") }
        response.headers.append(("retry-after", text))
        return Plan(after: delay, .respond(response))
    }

    private func oddEnding(_ fault: Fault, _ response: ProviderResponse) -> Ending? {
        let head = response.with(body: [])
        switch fault {
        case .gatewayTimeout:
            return .respond(.html("<html><body><h1>504 Gateway Timeout</h1></body></html>", status: 504))
        case .redirect: return .respond(ProviderResponse(status: 302, headers: [("location", "?again")]))
        case .slowDrip:
            return .stream(head, pieces: response.body.map { [$0] }, pause: .seconds(1), cut: false)
        case .hugeBody:
            return .stream(
                head, pieces: Array(repeating: Self.blank, count: Self.blanks), pause: .zero, cut: false)
        case .hugeHeader:
            return .respond(response.adding([("x-filler", String(repeating: "x", count: Self.headerLength))]))
        case .encodedBody: return .respond(response.adding([("content-encoding", "gzip")]))
        default: return nil
        }
    }

    private func oddBody(_ fault: Fault, _ body: [UInt8]) -> [UInt8]? {
        switch fault {
        case .wrongSchema: return JSONValue.object(JSONObject([("unexpected", true)])).bytes
        // The first two bytes of three.
        case .brokenUTF8: return Array(#"{"message":""#.utf8) + [0xE2, 0x82]
        case .doubleMembers:
            let members = body.dropFirst().dropLast()
            return Array("{".utf8) + members + Array(",".utf8) + members + Array("}".utf8)
        case .deepJSON:
            return Array(repeating: UInt8(ascii: "["), count: Self.depth)
                + Array(repeating: UInt8(ascii: "]"), count: Self.depth)
        case .longNumber:
            return Array(#"{"message":"#.utf8) + Array(repeating: UInt8(ascii: "9"), count: Self.digits)
                + Array("}".utf8)
        case .notANumber: return Array(#"{"message":NaN}"#.utf8)
        default: return nil
        }
    }
}
