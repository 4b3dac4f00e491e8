import CZlib
import Sandbox
import Testing

@Suite struct `Pictures` {
    private struct Decoded {
        var width = 0
        var height = 0
        var rows: [UInt8] = []
    }

    /// Reads a PNG, checking the sum of each part.
    private func decode(_ png: [UInt8]) throws -> Decoded {
        var decoded = Decoded()
        var packed: [UInt8] = []
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        var offset = 8
        func number(_ at: Int) -> Int { png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        while offset < png.count {
            let length = number(offset)
            let body = Array(png[offset + 4..<offset + 8 + length])
            #expect(Int(crc32(0, body, uInt(body.count))) == number(offset + 8 + length))
            switch String(decoding: body.prefix(4), as: UTF8.self) {
            case "IHDR": (decoded.width, decoded.height) = (number(offset + 8), number(offset + 12))
            case "IDAT": packed += body.dropFirst(4)
            default: break
            }
            offset += 12 + length
        }
        var count = uLong(decoded.height * (decoded.width * 3 + 1))
        decoded.rows = [UInt8](repeating: 0, count: Int(count))
        #expect(uncompress(&decoded.rows, &count, packed, uLong(packed.count)) == Z_OK)
        #expect(Int(count) == decoded.rows.count)
        return decoded
    }

    @Test(arguments: [(1024, 576), (768, 768), (480, 1120), (64, 64), (2048, 640)])
    func `are PNGs of the asked size and less than 200 KB`(width: Int, height: Int) throws {
        for prompt in ["tea", "hiking boots", "linen"] {
            let png = PictureRequest(prompt: prompt, seed: 3, width: width, height: height).png()

            let decoded = try decode(png)

            #expect((decoded.width, decoded.height) == (width, height))
            #expect(Set(decoded.rows).count > 20)
            #expect(png.count < 200_000)
        }
    }

    @Test func `are the same for the same prompt and differ for another`() {
        func png(_ prompt: String, _ seed: UInt64) -> [UInt8] {
            PictureRequest(prompt: prompt, seed: seed, width: 256, height: 144).png()
        }

        #expect(png("tea", 1) == png("tea", 1))
        #expect(png("tea", 1) != png("coffee", 1))
        #expect(png("tea", 1) != png("tea", 2))
    }

    @Test func `of a GPT model come in base64, which must not be asked for`() {
        var sandbox = SandboxFixture()
        func order(_ model: String) -> Plan {
            sandbox.call(
                "POST", "/v1/images/generations",
                ["model": .string(model), "prompt": "tea", "response_format": "b64_json"])
        }

        #expect(order("gpt-image-2").errorCode == "unknown_parameter")
        guard case .picture = order("dall-e-3").ending else {
            Issue.record("no picture")
            return
        }
    }

    @Test func `clip what is drawn outside of them`() {
        var canvas = Canvas(width: 8, height: 4)
        canvas.disc(x: -3, y: -3, radius: 6, color: Canvas.Color(0xFFFFFF))
        canvas.disc(x: 30, y: 2, radius: 3, color: Canvas.Color(0xFFFFFF))
        canvas.fill(-5..<3, row: 9, with: Canvas.Color(0xFF0000))

        #expect(canvas[0, 0] == Canvas.Color(0xFFFFFF))
        #expect(canvas[7, 3] == Canvas.Color(0x000000))
    }
}
