/// A small, fast, reproducible source of chance (SplitMix64). Not for secrets.
package struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// Chance that depends on the seed and on a text, so that the same prompt gets the same answer.
    package init(seed: UInt64, about text: String) { state = Chance.hash(text, seed: seed) }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0 ..< 1.
    package mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

    /// A number in 0 ..< count. `count` is at least one.
    package mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }

    package mutating func pick<C: RandomAccessCollection>(_ choices: C) -> C.Element where C.Index == Int {
        choices[choices.startIndex + index(below: choices.count)]
    }

    package mutating func shuffled<T>(_ items: [T]) -> [T] {
        var items = items
        for last in stride(from: items.count - 1, to: 0, by: -1) { items.swapAt(last, index(below: last + 1)) }
        return items
    }

    /// A hash that is the same in every process (FNV-1a), unlike `Hasher`'s.
    package static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325 ^ seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    /// An identifier of `length` letters and digits.
    package mutating func identifier(length: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<length).map { _ in pick(alphabet) })
    }
}
