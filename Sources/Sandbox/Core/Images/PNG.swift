import CZlib

/// Writes pictures as PNG.
package enum PNG {
    /// Enough to make a large area of one colour small, and quick: higher levels cost ten times as much for little.
    private static let level: Int32 = 3

    package static func encode(_ canvas: Canvas) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Eight bits each of red, green and blue.
        chunk("IHDR", number(canvas.width) + number(canvas.height) + [8, 2, 0, 0, 0], into: &bytes)
        chunk("tEXt", Array("Software\u{0}Pressroom sandbox: a drawing, not a model's picture".utf8), into: &bytes)
        chunk("IDAT", compressed(rows(of: canvas)), into: &bytes)
        chunk("IEND", [], into: &bytes)
        return bytes
    }

    /// Rows with a filter byte before each. Filter 0: rows are mostly runs of one colour, which need none.
    private static func rows(of canvas: Canvas) -> [UInt8] {
        let width = canvas.width * 3
        var rows: [UInt8] = []
        rows.reserveCapacity(canvas.height * (width + 1))
        for row in 0..<canvas.height {
            rows.append(0)
            rows.append(contentsOf: canvas.pixels[row * width..<(row + 1) * width])
        }
        return rows
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        let packed = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            let status = compress2(buffer.baseAddress, &length, bytes, uLong(bytes.count), level)
            precondition(status == Z_OK, "zlib refuses a buffer of the size it asked for")
            count = Int(length)
        }
        return packed
    }

    private static func chunk(_ type: String, _ data: [UInt8], into bytes: inout [UInt8]) {
        let body = Array(type.utf8) + data
        bytes += number(data.count)
        bytes += body
        bytes += number(Int(crc32(0, body, uInt(body.count))))
    }

    /// Four bytes, the highest first.
    private static func number(_ value: Int) -> [UInt8] {
        [UInt8(value >> 24 & 0xFF), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}
