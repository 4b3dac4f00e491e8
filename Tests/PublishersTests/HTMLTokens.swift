/// What a browser would find in a text: elements, attributes, words. It shares nothing with what writes our pages.
///
/// Follows the tokenizer of HTML's living standard as far as it decides what becomes an element: names end where a
/// browser ends them, quotes open and close as there, comments and raw text hide what they hide there.
struct HTMLTokens {
    struct Attribute: Equatable {
        let name: String
        /// As written, references not yet read.
        let value: String
    }
    enum Token: Equatable {
        case start(String, [Attribute])
        case end(String)
        case text(String)
        case comment
        case doctype
    }

    private let bytes: [UInt8]
    private var place = 0
    private var tokens: [Token] = []

    static func read(_ html: String) -> [Token] {
        var reader = HTMLTokens(html)
        while reader.place < reader.bytes.count { reader.step() }
        return reader.tokens
    }

    private init(_ html: String) { bytes = Array(html.utf8) }

    private mutating func step() {
        let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        guard open == place else { return text(until: open) }
        switch peek(1) {
        case let letter? where Self.isLetter(letter): startTag()
        case UInt8(ascii: "/"): closing()
        case UInt8(ascii: "!"): declaration()
        case UInt8(ascii: "?"): bogusComment()
        default: text(until: place + 1)
        }
    }

    // MARK: Tags

    private mutating func startTag() {
        place += 1
        let name = tagName()
        guard let attributes = attributes() else { return }
        tokens.append(.start(name, attributes))
        if Self.holdsNoElements.contains(name) { rawText(of: name) }
    }

    private mutating func closing() {
        guard let letter = peek(2) else { return text(until: bytes.count) }
        if letter == UInt8(ascii: ">") {
            place += 3
        } else if Self.isLetter(letter) {
            place += 2
            let name = tagName()
            guard attributes() != nil else { return }
            tokens.append(.end(name))
        } else {
            bogusComment()
        }
    }

    private mutating func tagName() -> String {
        let start = place
        while place < bytes.count, !Self.isSpace(bytes[place]), !isAt("/"), !isAt(">") { place += 1 }
        return Self.lowered(bytes[start..<place])
    }

    /// Nil when the text ends before the tag does: then there is no tag.
    private mutating func attributes() -> [Attribute]? {
        var found: [Attribute] = []
        while true {
            while place < bytes.count, Self.isSpace(bytes[place]) || isAt("/") { place += 1 }
            guard place < bytes.count else { return nil }
            if isAt(">") {
                place += 1
                return found
            }
            let name = attributeName()
            skipSpace()
            guard isAt("=") else {
                found.append(Attribute(name: name, value: ""))
                continue
            }
            place += 1
            skipSpace()
            guard let value = attributeValue() else { return nil }
            found.append(Attribute(name: name, value: value))
        }
    }

    private mutating func attributeName() -> String {
        let start = place
        // An equals sign at the very beginning belongs to the name.
        place += 1
        while place < bytes.count, !Self.isSpace(bytes[place]), !isAt("/"), !isAt(">"), !isAt("=") { place += 1 }
        return Self.lowered(bytes[start..<place])
    }

    private mutating func attributeValue() -> String? {
        guard place < bytes.count else { return nil }
        if isAt("\"") || isAt("'") {
            let quote = bytes[place]
            guard let end = bytes[(place + 1)...].firstIndex(of: quote) else {
                place = bytes.count
                return nil
            }
            defer { place = end + 1 }
            return String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
        }
        let start = place
        while place < bytes.count, !Self.isSpace(bytes[place]), !isAt(">") { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    // MARK: Everything else

    private mutating func text(until end: Int) {
        tokens.append(.text(String(decoding: bytes[place..<end], as: UTF8.self)))
        place = end
    }

    /// Elements whose content is text up to their own end.
    private static let holdsNoElements: Set<String> = [
        "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext",
    ]

    private mutating func rawText(of name: String) {
        var search = place
        while let open = bytes[search...].firstIndex(of: UInt8(ascii: "<")) {
            let end = open + 2 + name.utf8.count
            if name != "plaintext", end < bytes.count, bytes[open + 1] == UInt8(ascii: "/"),
                Self.lowered(bytes[(open + 2)..<end]) == name,
                Self.isSpace(bytes[end]) || bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: ">")
            {
                return text(until: open)
            }
            search = open + 1
        }
        text(until: bytes.count)
    }

    private mutating func declaration() {
        if starts(with: "<!--") { return comment() }
        if bytes.count >= place + 9, Self.lowered(bytes[place..<(place + 9)]) == "<!doctype" {
            tokens.append(.doctype)
            place = after(">")
        } else {
            bogusComment()
        }
    }

    private mutating func comment() {
        tokens.append(.comment)
        place += 4
        if isAt(">") {
            place += 1
        } else if starts(with: "->") {
            place += 2
        } else {
            while place < bytes.count, !starts(with: "-->"), !starts(with: "--!>") { place += 1 }
            if place < bytes.count { place = after(">") }
        }
    }

    private mutating func bogusComment() {
        tokens.append(.comment)
        place = after(">")
    }

    private func after(_ mark: Unicode.Scalar) -> Int {
        bytes[place...].firstIndex(of: UInt8(ascii: mark)).map { $0 + 1 } ?? bytes.count
    }

    private func peek(_ ahead: Int) -> UInt8? { place + ahead < bytes.count ? bytes[place + ahead] : nil }
    private func isAt(_ mark: Unicode.Scalar) -> Bool { peek(0) == UInt8(ascii: mark) }
    private func starts(with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }
    private mutating func skipSpace() { while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 } }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
    }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func lowered(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
