/// A range of addresses, such as `10.0.0.0/8`.
package struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    /// Its first address.
    let base: IPAddress
    let length: Int

    /// - Parameter text: an address alone is a network of one. Nil when it is none, or has bits beyond its length: most
    ///   likely a typing mistake that would let more in than was meant.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        let width = address.isV6 ? 128 : 32
        guard parts.count == 2 else {
            self.init(of: address, bits: width)
            return
        }
        guard let length = Int(parts[1]), (0...width).contains(length), parts[1].allSatisfy(\.isNumber) else {
            return nil
        }
        self.init(of: address, bits: length)
        guard base == address else { return nil }
    }

    init(of address: IPAddress, bits length: Int) {
        let width = address.isV6 ? 128 : 32
        precondition((0...width).contains(length), "a network has no more bits than its addresses")
        let mask: UInt128 = length == 0 ? 0 : ~0 << (width - length)
        base = IPAddress(bits: address.bits & mask, isV6: address.isV6)
        self.length = length
    }

    package var description: String { "\(base)/\(length)" }

    package func contains(_ address: IPAddress) -> Bool {
        address.isV6 == base.isV6 && IPNetwork(of: address, bits: length).base == base
    }
}
