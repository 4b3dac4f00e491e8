/// FNV-1a over everything that happened, in order: equal hashes mean equal histories.
package struct HistoryHash: Sendable, Equatable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func note(_ word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01B3 }
    package mutating func note(_ text: String) { for byte in text.utf8 { note(UInt64(byte)) } }

    /// Sixteen hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
