import Engine

/// The identity of one request in logs and answers: a W3C trace id.
package struct TraceID: Sendable, Equatable, CustomStringConvertible {
    package let description: String

    static let none = TraceID(description: String(repeating: "0", count: 32))

    private init(description: String) { self.description = description }

    /// Continues the caller's trace when `traceparent` is well-formed, and begins a new one otherwise.
    init(traceparent: String?, random: RandomSource) {
        self = traceparent.flatMap(Self.continued) ?? Self(description: hex(random.bits()) + hex(random.bits() | 1))
    }

    // 00-<32 hex>-<16 hex>-<2 hex>; later versions may append more after another dash.
    private static func continued(_ header: String) -> TraceID? {
        let bytes = Array(header.utf8)
        guard bytes.count >= 55, bytes.count == 55 || bytes[55] == UInt8(ascii: "-"), !header.hasPrefix("ff") else {
            return nil
        }
        let parts = header.prefix(55).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2], parts.allSatisfy({ $0.utf8.allSatisfy(isLowerHex) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        return TraceID(description: String(parts[1]))
    }
}

private func isLowerHex(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

private func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
