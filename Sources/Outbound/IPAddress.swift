#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An address of a host, and whether it lies in the public internet.
package enum IPAddress: Sendable, Hashable {
    case four([UInt8])
    case six([UInt8])

    /// Four decimal numbers, nothing else; no octal, hexadecimal or shortened forms.
    package static func v4(_ text: String) -> IPAddress? {
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        return .four(withUnsafeBytes(of: &address) { Array($0) })
    }

    package static func v6(_ text: String) -> IPAddress? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return .six(withUnsafeBytes(of: &address) { Array($0) })
    }

    package init?(_ text: String) {
        guard let address = Self.v4(text) ?? Self.v6(text) else { return nil }
        self = address
    }

    /// False for every range that IANA reserves: private, loopback, link-local (cloud metadata), shared, multicast,
    /// documentation, and IPv6 ranges that embed an IPv4 address and could smuggle one of those. False as well for the
    /// one number of the public ranges that never leaves the machine's own cloud.
    package var isPublic: Bool {
        switch self {
        case .four(let bytes): !Self.reservedFour.contains { $0.holds(bytes) }
        // Only 2000::/3 is given out for hosts; that alone shuts out ::1, fe80::, fc00::, ::ffff:… and 64:ff9b::.
        case .six(let bytes): bytes[0] & 0xE0 == 0x20 && !Self.reservedSix.contains { $0.holds(bytes) }
        }
    }

    private struct Range {
        let prefix: [UInt8]
        let bits: Int

        init(_ bits: Int, _ prefix: UInt8...) {
            self.prefix = prefix
            self.bits = bits
        }

        func holds(_ bytes: [UInt8]) -> Bool {
            prefix.indices.allSatisfy { index in
                let kept = min(8, max(0, bits - index * 8))
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
                return bytes[index] & mask == prefix[index] & mask
            }
        }
    }

    private static let reservedFour: [Range] = [
        Range(8, 0), Range(8, 10), Range(10, 100, 64), Range(8, 127), Range(16, 169, 254), Range(12, 172, 16),
        Range(24, 192, 0, 0), Range(24, 192, 0, 2), Range(24, 192, 88, 99), Range(16, 192, 168), Range(15, 198, 18),
        Range(24, 198, 51, 100), Range(24, 203, 0, 113), Range(3, 224),
        // Reserved by nobody, but on Azure the host below every virtual machine answers here.
        Range(32, 168, 63, 129, 16),
    ]
    // 2001::/23 (Teredo and kin), documentation, 6to4, documentation again.
    private static let reservedSix: [Range] = [
        Range(23, 0x20, 0x01, 0x00), Range(32, 0x20, 0x01, 0x0D, 0xB8), Range(16, 0x20, 0x02),
        Range(20, 0x3F, 0xFF, 0x00),
    ]
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let (family, bytes) =
            switch self {
            case .four(let bytes): (AF_INET, bytes)
            case .six(let bytes): (AF_INET6, bytes)
            }
        inet_ntop(family, bytes, &text, socklen_t(INET6_ADDRSTRLEN))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
