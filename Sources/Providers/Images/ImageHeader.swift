/// Type and dimensions by a file's own first bytes.
enum ImageHeader {
    typealias Facts = (kind: ImageFile.Kind, width: Int, height: Int)

    static func read(_ bytes: [UInt8]) -> Facts? {
        png(bytes) ?? webp(bytes) ?? jpeg(bytes)
    }

    private static func png(_ bytes: [UInt8]) -> Facts? {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.count >= 45, bytes.starts(with: signature), ascii(bytes, 12, "IHDR") else { return nil }
        // The last chunk shows that nothing was cut off.
        guard ascii(bytes, bytes.count - 8, "IEND") else { return nil }
        return (.png, big(bytes, 16, 4), big(bytes, 20, 4))
    }

    private static func webp(_ bytes: [UInt8]) -> Facts? {
        guard bytes.count >= 30, ascii(bytes, 0, "RIFF"), ascii(bytes, 8, "WEBP") else { return nil }
        guard little(bytes, 4, 4) + 8 <= bytes.count else { return nil }
        if ascii(bytes, 12, "VP8X") { return (.webp, little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1) }
        if ascii(bytes, 12, "VP8L"), bytes[20] == 0x2F {
            let bits = little(bytes, 21, 4)
            return (.webp, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        if ascii(bytes, 12, "VP8 "), bytes[23...25] == [0x9D, 0x01, 0x2A] {
            return (.webp, little(bytes, 26, 2) & 0x3FFF, little(bytes, 28, 2) & 0x3FFF)
        }
        return nil
    }

    /// Walks the segments to the first start-of-frame. The walk ends with the bytes, whatever the lengths claim.
    private static func jpeg(_ bytes: [UInt8]) -> Facts? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var place = 2
        while place + 9 <= bytes.count {
            guard bytes[place] == 0xFF else { return nil }
            let marker = bytes[place + 1]
            switch marker {
            case 0xFF: place += 1
            case 0x01, 0xD0...0xD7: place += 2
            case 0xC4, 0xC8, 0xCC: place += 2 + max(2, big(bytes, place + 2, 2))
            case 0xC0...0xCF: return (.jpeg, big(bytes, place + 7, 2), big(bytes, place + 5, 2))
            case 0xD9, 0xDA: return nil
            default: place += 2 + max(2, big(bytes, place + 2, 2))
            }
        }
        return nil
    }

    private static func ascii(_ bytes: [UInt8], _ place: Int, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[place..<place + $0.count].elementsEqual($0) }
    }
    private static func big(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }
    private static func little(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
