/// A PNG taken apart, as far as its chunks go.
struct PNGReading {
    struct Chunk {
        let type: String
        let body: [UInt8]
        let isWhole: Bool
    }
    let chunks: [Chunk]

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
        var chunks: [Chunk] = []
        var place = 8
        while place + 12 <= bytes.count {
            let size = Self.number(bytes[place..<place + 4])
            guard place + 12 + size <= bytes.count else { return nil }
            let covered = bytes[place + 4..<place + 8 + size]
            let sum = Self.number(bytes[place + 8 + size..<place + 12 + size])
            chunks.append(
                Chunk(
                    type: String(decoding: covered.prefix(4), as: UTF8.self), body: Array(covered.dropFirst(4)),
                    isWhole: Self.checksum(covered) == UInt32(sum)))
            place += 12 + size
        }
        guard place == bytes.count else { return nil }
        self.chunks = chunks
    }

    var width: Int { Self.number(chunks[0].body[0..<4]) }
    var height: Int { Self.number(chunks[0].body[4..<8]) }

    /// The text under a keyword, from either kind of text chunk.
    func text(_ keyword: String) -> String? {
        for chunk in chunks where chunk.type == "tEXt" || chunk.type == "iTXt" {
            guard chunk.body.starts(with: Array(keyword.utf8) + [0]) else { continue }
            let skipped = keyword.utf8.count + (chunk.type == "tEXt" ? 1 : 5)
            return String(decoding: chunk.body.dropFirst(skipped), as: UTF8.self)
        }
        return nil
    }

    /// CRC-32, bit by bit as the standard tells it.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var state: UInt32 = ~0
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0xEDB8_8320 : state >> 1 }
        }
        return ~state
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
