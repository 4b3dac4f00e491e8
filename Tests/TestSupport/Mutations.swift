import Foundation

/// Good answers, spoiled in the ways in which wires, proxies and strangers spoil them. The same seed spoils alike.
package struct Mutations: Sendable {
    /// How many spoiled answers each parser is fed: some in every run, a million by `make fuzz`.
    package static let inputs =
        ProcessInfo.processInfo.environment["PRESSROOM_FUZZ_INPUTS"].flatMap { Int($0) } ?? 2_000

    /// What is wrong with a long answer is wrong with a short one too.
    private static let bytesMax = 16 << 10

    private let good: [[UInt8]]
    private var chance: EngineChance

    /// - Precondition: there is at least one good answer.
    package init(of good: [[UInt8]], seed: UInt64) {
        precondition(!good.isEmpty, "what is spoiled was good before")
        self.good = good
        chance = EngineChance(seed: seed)
    }

    package init(of good: [String], seed: UInt64) { self.init(of: good.map { Array($0.utf8) }, seed: seed) }

    /// Feeds ``inputs`` spoiled answers until one is not dealt with as promised.
    ///
    /// - Parameter look: reads an answer; what is wrong with what came of it, or nil.
    /// - Returns: the complaint with its answer, for a test to show; nil when there is none.
    package mutating func firstComplaint(_ look: ([UInt8]) throws -> String?) rethrows -> String? {
        for _ in 0..<Self.inputs {
            let answer = next()
            if let complaint = try look(answer) { return "\(complaint): \(Self.shown(answer))" }
        }
        return nil
    }

    /// An answer for a failed test's message.
    package static func shown(_ answer: [UInt8]) -> String {
        String(decoding: answer.prefix(2_000), as: UTF8.self).debugDescription
    }

    package mutating func nextText() -> String { String(decoding: next(), as: UTF8.self) }

    package mutating func next() -> [UInt8] {
        var bytes = pick(good)
        for _ in 0..<number(in: 1...4) { spoil(&bytes) }
        if bytes.count > Self.bytesMax { bytes.removeSubrange(Self.bytesMax...) }
        return bytes
    }

    private mutating func spoil(_ bytes: inout [UInt8]) {
        switch number(in: 0...11) {
        case 0: flipBit(&bytes)
        case 1: changeByte(&bytes)
        case 2: bytes.removeSubrange(number(in: 0...bytes.count)...)
        case 3: bytes.removeSubrange(range(in: bytes))
        case 4: repeatRange(&bytes)
        case 5: splice(&bytes)
        case 6: insert(pick(Self.words), into: &bytes)
        case 7: changeNumber(&bytes)
        case 8, 9: changeValue(&bytes)
        case 10: nest(&bytes)
        default: insert(pick(Self.brokenCharacters), into: &bytes)
        }
    }

    // MARK: Bytes

    private mutating func flipBit(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        bytes[number(in: 0...(bytes.count - 1))] ^= 1 << UInt8(number(in: 0...7))
    }

    private mutating func changeByte(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        bytes[number(in: 0...(bytes.count - 1))] = pick(Self.oddBytes)
    }

    private mutating func repeatRange(_ bytes: inout [UInt8]) {
        let range = range(in: bytes)
        let piece = Array(bytes[range])
        for _ in 0..<number(in: 1...8) { bytes.insert(contentsOf: piece, at: range.upperBound) }
    }

    /// The beginning of one answer and the end of another.
    private mutating func splice(_ bytes: inout [UInt8]) {
        let other = pick(good)
        bytes.removeSubrange(number(in: 0...bytes.count)...)
        bytes += other[number(in: 0...other.count)...]
    }

    private mutating func insert(_ piece: [UInt8], into bytes: inout [UInt8]) {
        bytes.insert(contentsOf: piece, at: number(in: 0...bytes.count))
    }

    // MARK: Values

    /// The next number from some place on becomes one that somebody has forgotten.
    private mutating func changeNumber(_ bytes: inout [UInt8]) {
        let start = number(in: 0...bytes.count)
        guard let first = bytes[start...].firstIndex(where: { (48...57).contains($0) }) else { return }
        let end = bytes[first...].firstIndex { !(48...57).contains($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
        bytes.replaceSubrange(first..<end, with: pick(Self.numbers))
    }

    /// The next value of a member or an item becomes one of another type.
    private mutating func changeValue(_ bytes: inout [UInt8]) {
        let start = number(in: 0...bytes.count)
        guard let mark = bytes[start...].firstIndex(where: { ":[,".utf8.contains($0) }) else { return }
        let end = bytes[(mark + 1)...].firstIndex { ",]}".utf8.contains($0) } ?? bytes.count
        bytes.replaceSubrange((mark + 1)..<end, with: pick(Self.values))
    }

    /// Deep, with or without the ends: a reader that calls itself has a stack that ends.
    private mutating func nest(_ bytes: inout [UInt8]) {
        let (opening, closing) = pick(Self.nestings)
        let depth = pick(Self.depths)
        let range = range(in: bytes)
        let isClosed = number(in: 0...3) > 0
        let ends = isClosed ? [UInt8](String(repeating: closing, count: depth).utf8) : []
        bytes.insert(contentsOf: ends, at: range.upperBound)
        bytes.insert(contentsOf: String(repeating: opening, count: depth).utf8, at: range.lowerBound)
    }

    // MARK: Chance

    private mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &chance) }

    private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[number(in: 0...(choices.count - 1))]
    }

    /// Mostly short.
    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let start = number(in: 0...bytes.count)
        let longest = number(in: 0...3) == 0 ? bytes.count - start : min(16, bytes.count - start)
        return start..<(start + number(in: 0...longest))
    }
}

// MARK: What is put in

extension Mutations {
    private static let oddBytes: [UInt8] = [
        0x00, 0x01, 0x0A, 0x0D, 0x20, 0x22, 0x23, 0x26, 0x27, 0x28, 0x29, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x3C, 0x3E,
        0x5B, 0x5C, 0x5D, 0x60, 0x65, 0x7B, 0x7D, 0x7F, 0x80, 0xBF, 0xC0, 0xED, 0xFE, 0xFF,
    ]

    private static let numbers = bytes([
        "0", "-0", "-0.0", "-1", "00", "1.5", "0.1", "255", "256", "65536", "2147483648", "4294967296", "1e15",
        "9007199254740993", "9223372036854774784", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "340282366920938463463374607431768211456", "1e18", "1e19", "1e38", "1e308", "-1e308", "1e309", "1e999",
        "1e-308", "1e-400", "1e999999999999", "0x10", "1_000", "NaN", "nan", "inf", "Infinity", "-Infinity", ".", "1.",
        ".5", "1e", "1..2", "+1", "\"5\"", "\"-1\"", "١٢", "１２", "1e5s", "", String(repeating: "9", count: 400),
    ])

    private static let values = bytes([
        "null", "true", "false", "0", "-1", "1.5", "1e300", "\"\"", "\"x\"", "\"0\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\ud83d\\ude00\"", "\"\\uFEFF\"", "[]", "{}", "[[]]", "[null]", "{\"\":0}", "{\"a\":{\"b\":[1]}}", "\"",
        "[", "{", "nul", "\"a\\", "\"\\u12\"", "[1,]", "{\"a\":1,\"a\":2}", "\"\u{202E}\"", "{\"text\":\"x\"}",
        "[{\"text\":\"x\"}]", "9223372036854775807", "\"9223372036854775807\"", "",
    ])

    private static let words = bytes([
        "null", "\\u0000", "\\ud800", "\\", "\\\"", "\"", "\r\n", "\r\n\r\n", "\n---\n", "\u{FEFF}", "\u{0}",
        "\u{2028}", "<!doctype html>", "<html>", "<script>", "-->", "data: ", "data: [DONE]", "//", "/*", "../", "%00",
        "%s%n", "{{", "${x}", "';--", "\u{301}", "\u{1F3FB}", "İ", "ß", "]", "}", ",", ":", "[a](", "```", "**", "> ",
        "- ", " ", "\t", "GMT", "ms", "h", "=", ".", "v1,", "https://", "http://", "@", "#",
    ])

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    /// What no reader of UTF-8 may take: overlong forms, halves of pairs, beginnings without ends, and the byte order
    /// marks of other encodings.
    private static let brokenCharacters: [[UInt8]] = [
        [0xC0, 0xAF], [0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xFE, 0xFF], [0xFF, 0xFE, 0x00, 0x00],
        [0x80], [0xBF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    ]

    private static let nestings = [
        ("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]"), ("\"", "\""), ("(", ")"), ("> ", ""), ("[", "](x)"),
        ("*", "*"),
    ]

    /// Seldom beyond what readers of JSON allow, which is about five hundred.
    private static let depths = [1, 1, 2, 2, 3, 8, 8, 16, 64, 64, 126, 129, 500, 513, 2_000]
}
