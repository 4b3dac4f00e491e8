#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IPv4 or IPv6 address. IPv4 inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// IPv4 in the lowest 32 bits.
    let bits: UInt128
    package let isV6: Bool

    init(bits: UInt128, isV6: Bool) {
        self.bits = bits
        self.isV6 = isV6
    }

    /// - Parameter text: in the usual notation; a zone (`%eth0`) is ignored. Nil for anything else.
    package init?(_ text: some StringProtocol) {
        let address = String(text.prefix { $0 != "%" })
        if let bits = Self.bits(of: address, family: AF_INET, bytes: 4) {
            self.init(bits: bits, isV6: false)
        } else if let bits = Self.bits(of: address, family: AF_INET6, bytes: 16) {
            let isV4 = bits >> 32 == 0xFFFF
            self.init(bits: isV4 ? bits & 0xFFFF_FFFF : bits, isV6: !isV4)
        } else {
            return nil
        }
    }

    package var description: String {
        let bytes = (0..<(isV6 ? 16 : 4)).reversed().map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isV6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The network of the first `bits` bits that the address is in.
    package func network(bits: Int) -> IPNetwork { IPNetwork(of: self, bits: bits) }

    private static func bits(of text: String, family: Int32, bytes count: Int) -> UInt128? {
        var bytes = [UInt8](repeating: 0, count: count)
        guard inet_pton(family, text, &bytes) == 1 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
