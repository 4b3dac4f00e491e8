import Testing

@testable import Providers

/// Headers of images, with as much of a body as the check looks at.
enum ImageFixture {
    static func png(_ width: UInt32, _ height: UInt32) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + big(width) + big(height)
            + [8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    }
    static func jpeg(_ width: UInt16, _ height: UInt16) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 17, 8, UInt8(height >> 8), UInt8(height & 255)]
            + [UInt8(width >> 8), UInt8(width & 255), 3, 1, 0x22, 0, 0xFF, 0xD9]
    }
    static func webp(_ chunk: String, _ payload: [UInt8]) -> [UInt8] {
        let padded = payload + [UInt8](repeating: 0, count: max(0, 16 - payload.count))
        return Array("RIFF".utf8) + [UInt8(12 + padded.count), 0, 0, 0] + Array("WEBP\(chunk)".utf8)
            + [UInt8(padded.count), 0, 0, 0] + padded
    }
    private static func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - $0 * 8) & 255) } }
}

@Suite struct `An image file` {
    @Test(arguments: [
        (ImageFixture.png(1024, 576), ImageFile.Kind.png, 1024, 576),
        (ImageFixture.jpeg(640, 480), .jpeg, 640, 480),
        (ImageFixture.webp("VP8X", [0, 0, 0, 0, 0xFF, 3, 0, 0x3F, 2, 0]), .webp, 1024, 576),
        (ImageFixture.webp("VP8L", [0x2F, 0xFF, 0xC3, 0x8F, 0]), .webp, 1024, 576),
        (ImageFixture.webp("VP8 ", [0, 0, 0, 0x9D, 1, 0x2A, 0, 4, 0x40, 2]), .webp, 1024, 576),
    ])
    func `is known by its own bytes`(_ bytes: [UInt8], _ kind: ImageFile.Kind, _ width: Int, _ height: Int) throws {
        let file = try ImageFile(checking: bytes)

        #expect((file.kind, file.width, file.height) == (kind, width, height))
    }

    @Test(arguments: [
        [], Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8), Array("GIF89a".utf8),
        Array("<!doctype html><p>not found</p>".utf8), Array(ImageFixture.png(3, 2).dropLast(12)),
        ImageFixture.png(0, 2), ImageFixture.png(100_000, 100_000), ImageFixture.png(.max, .max),
        ImageFixture.png(16_777_217, 1), [0xFF, 0xD8, 0xFF, 0xD9],
        [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0],
        Array(ImageFixture.webp("VP8X", [0]).dropLast(4)),
    ])
    func `is refused when it is something else, cut short or a bomb`(_ bytes: [UInt8]) {
        let error = #expect(throws: ProviderError.self) { try ImageFile(checking: bytes) }
        #expect(error?.code == .malformed)
    }

    @Test func `never traps on noise`() {
        let seeds = [ImageFixture.png(9, 9), ImageFixture.jpeg(9, 9), ImageFixture.webp("VP8L", [0x2F, 1, 2, 3, 4])]
        for seed in seeds {
            for length in 0...seed.count { _ = try? ImageFile(checking: Array(seed.prefix(length))) }
            for place in seed.indices {
                for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                    var bytes = seed
                    bytes[place] = value
                    _ = try? ImageFile(checking: bytes)
                }
            }
        }
    }
}
