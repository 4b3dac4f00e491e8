import CZlib

/// A picture as a PNG file: eight bits for each of red, green and blue.
///
/// Cairo's own writer tries all filters on every row. Rows as they are, without a filter, take less than half of the time and
/// make a smaller file (195 KiB instead of 221): large areas of a card are alike, and letters gain nothing from filters.
struct PNGFile {
    let bytes: [UInt8]

    /// - Parameter marks: chunks that stand behind the header.
    /// - Throws: ``CardError/notDrawn`` when the canvas has failed, or without memory.
    init(_ canvas: Canvas, marks: [PNGChunk]) throws(CardError) {
        let header =
            PNGChunk.bytes(UInt32(canvas.width)) + PNGChunk.bytes(UInt32(canvas.height))
            + [8, 2, 0, 0, 0]  // bits, colour type, compression, filters, no interlacing
        let chunks =
            [PNGChunk("IHDR", header)] + marks + [
                PNGChunk("IDAT", try Self.compressed(Self.rows(of: canvas))), PNGChunk("IEND", []),
            ]
        bytes = chunks.reduce(into: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { $0 += $1.bytes }
    }

    /// Each row a zero, which says that it is not filtered, and three bytes for each pixel.
    private static func rows(of canvas: Canvas) throws(CardError) -> [UInt8] {
        let (width, height) = (canvas.width, canvas.height)
        return try canvas.withPixels { pixels, stride in
            let count = height * (1 + 3 * width)
            return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                guard var place = buffer.baseAddress else { return }
                for y in 0..<height {
                    place.initialize(to: 0)
                    place += 1
                    let row = (pixels + y * stride).assumingMemoryBound(to: UInt32.self)
                    for x in 0..<width {
                        let pixel = row[x]
                        place.initialize(to: UInt8(truncatingIfNeeded: pixel >> 16))
                        (place + 1).initialize(to: UInt8(truncatingIfNeeded: pixel >> 8))
                        (place + 2).initialize(to: UInt8(truncatingIfNeeded: pixel))
                        place += 3
                    }
                }
                filled = count
            }
        }
    }

    private static func compressed(_ rows: [UInt8]) throws(CardError) -> [UInt8] {
        var size = compressBound(uLong(rows.count))
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard compress2(&bytes, &size, rows, uLong(rows.count), level) == Z_OK else { throw .notDrawn }
        return Array(bytes.prefix(Int(size)))
    }

    private static let level: Int32 = 5
}

/// A part of a PNG file: four letters that say what it is, and its content.
struct PNGChunk {
    private let type: String
    private let body: [UInt8]

    init(_ type: String, _ body: [UInt8]) {
        self.type = type
        self.body = body
    }

    var bytes: [UInt8] {
        let covered = Array(type.utf8) + body
        let sum = crc32(0, covered, uInt(covered.count))
        return Self.bytes(UInt32(body.count)) + covered + Self.bytes(UInt32(truncatingIfNeeded: sum))
    }

    static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
