/// Whether two names differ by one slip of the finger.
enum NameDistance {
    static func isNear(_ one: String, _ other: String) -> Bool {
        let (short, long) =
            one.utf8.count <= other.utf8.count
            ? (Array(one.utf8), Array(other.utf8)) : (Array(other.utf8), Array(one.utf8))
        guard short.count >= 3, long.count - short.count <= 1 else { return false }
        let head = zip(short, long).prefix { $0 == $1 }.count
        let tail = zip(short.reversed(), long.reversed()).prefix { $0 == $1 }.count
        return head + tail >= long.count - 1 || (short.count == long.count && isSwap(short, long, at: head))
    }

    private static func isSwap(_ one: [UInt8], _ other: [UInt8], at index: Int) -> Bool {
        guard index + 1 < one.count else { return false }
        var swapped = one
        swapped.swapAt(index, index + 1)
        return swapped == other
    }
}
