import Sandbox

@testable import Publishers

/// Texts that are made to become more than text. The same seed makes the same ones.
///
/// Where a template says ‹p› it holds another phrase, where it says ‹a› an address.
struct HostileGrammar {
    private var chance: Chance

    /// How many templates stand in each other.
    private static let depthMax = 3

    init(seed: UInt64) { chance = Chance(seed: seed) }

    /// Hostile wherever somebody writes.
    mutating func post() -> Post {
        Post(
            title: line(), slug: line(), excerpt: text(), body: text(), metaDescription: line(),
            tags: [line(), line()], author: line(), language: line(),
            image: PostImage(bytes: [0x89, 0x50], contentType: "image/png", altText: line()), origin: .model(line()),
            date: Fixture.date)
    }

    mutating func text() -> String { phrases(1 + chance.index(below: 12)) }
    mutating func line() -> String { phrases(1 + chance.index(below: 4)) }

    private mutating func phrases(_ count: Int) -> String {
        var text = ""
        for _ in 0..<count { text += phrase(0) }
        return text
    }

    private mutating func phrase(_ depth: Int) -> String {
        switch chance.index(below: depth < Self.depthMax ? 14 : 8) {
        case 0: element()
        case 1: chance.pick(Self.breakers)
        case 2: chance.pick(Self.references)
        case 3: oddCharacter()
        case 4: repetition()
        case 5, 6: chance.pick(Self.words)
        case 7: address()
        case 8, 9: filled(chance.pick(Self.links), depth)
        case 10, 11: filled(chance.pick(Self.wrappings), depth)
        case 12: filled(chance.pick(Self.comments), depth)
        default: phrase(depth + 1) + chance.pick(Self.words) + phrase(depth + 1)
        }
    }

    private mutating func filled(_ template: String, _ depth: Int) -> String {
        var text = template
        if text.contains("‹a›") { text = text.replacing("‹a›", with: address()) }
        if text.contains("‹p›") { text = text.replacing("‹p›", with: phrase(depth + 1)) }
        return text
    }

    // MARK: Elements

    private mutating func element() -> String {
        let name = cased(chance.pick(Self.elements))
        var text = "<\(name)"
        for _ in 0..<chance.index(below: 3) { text += attribute() }
        return text + chance.pick(Self.tagEnds).replacing("‹n›", with: name)
    }

    private mutating func attribute() -> String {
        let separator = chance.pick(Self.separators)
        let quote = chance.pick(["\"", "'", "", "`"])
        let isHandler = chance.index(below: 2) == 0
        let name = cased(chance.pick(isHandler ? Self.handlers : Self.addressed))
        let value = isHandler ? chance.pick(Self.scripts) : address()
        let end = chance.index(below: 4) == 0 ? "" : quote
        return "\(separator)\(name)=\(quote)\(value)\(end)"
    }

    private mutating func cased(_ text: String) -> String {
        guard chance.index(below: 3) == 0 else { return text }
        var cased = ""
        for letter in text { cased += chance.index(below: 2) == 0 ? letter.uppercased() : String(letter) }
        return cased
    }

    // MARK: Addresses

    private mutating func address() -> String {
        switch chance.index(below: 3) {
        case 0: chance.pick(Self.webAddresses)
        case 1: chance.pick(Self.pads) + disguised(chance.pick(Self.schemes)) + chance.pick(Self.targets)
        default: cased(chance.pick(Self.schemes)) + chance.pick(Self.targets)
        }
    }

    /// A scheme as a browser may still read it and a filter may not.
    private mutating func disguised(_ scheme: String) -> String {
        let form = chance.index(below: 8)
        var text = ""
        for scalar in scheme.unicodeScalars {
            let isPlain = chance.index(below: 2) == 0
            text += isPlain ? String(Character(scalar)) : Self.disguise(scalar, form)
        }
        return text
    }

    private static func disguise(_ scalar: Unicode.Scalar, _ form: Int) -> String {
        let letter = Character(scalar)
        let hexadecimal = String(scalar.value, radix: 16)
        switch form {
        case 0: return "&#\(scalar.value);"
        case 1: return "&#x\(hexadecimal)"
        case 2: return "&#000\(scalar.value)"
        case 3: return "%\(hexadecimal)"
        case 4: return "\(letter)\t"
        case 5: return "\(letter)\u{0}"
        case 6: return "\\\(letter)"
        default: return Unicode.Scalar(scalar.value + 0xFEE0).map { String(Character($0)) } ?? ""
        }
    }

    // MARK: Characters

    private mutating func oddCharacter() -> String {
        Unicode.Scalar(chance.pick(Self.oddScalars)).map { String(Character($0)) } ?? ""
    }

    private mutating func repetition() -> String {
        let unit = chance.pick(Self.units)
        return String(repeating: unit, count: 2 + chance.index(below: 120))
    }
}
