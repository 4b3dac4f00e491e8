/// A picture in memory, drawn in horizontal runs, which are quick even in a build without optimisation.
package struct Canvas: Sendable {
    package struct Color: Sendable, Equatable {
        package let red, green, blue: UInt8

        package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
            self.red = red
            self.green = green
            self.blue = blue
        }

        /// From `0xRRGGBB`.
        package init(_ hex: Int) { self.init(UInt8(hex >> 16 & 0xFF), UInt8(hex >> 8 & 0xFF), UInt8(hex & 0xFF)) }

        /// The colour on the way to another; `share` 0 is this one, 1 the other.
        package func mixed(with other: Color, _ share: Double) -> Color {
            func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
                UInt8(min(255, max(0, Double(a) + (Double(b) - Double(a)) * share)))
            }
            return Color(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
        }
    }

    package let width: Int
    package let height: Int
    /// Red, green, blue of each pixel, row by row.
    package private(set) var pixels: [UInt8]

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 0, count: width * height * 3)
    }

    package subscript(x: Int, y: Int) -> Color {
        get {
            let offset = (y * width + x) * 3
            return Color(pixels[offset], pixels[offset + 1], pixels[offset + 2])
        }
        set {
            let offset = (y * width + x) * 3
            pixels[offset] = newValue.red
            pixels[offset + 1] = newValue.green
            pixels[offset + 2] = newValue.blue
        }
    }

    /// Paints the pixels `range` of row `y`; what lies outside is left out.
    package mutating func fill(_ range: Range<Int>, row y: Int, with color: Color) {
        let range = range.clamped(to: 0..<width)
        guard (0..<height).contains(y), !range.isEmpty else { return }
        let start = (y * width + range.lowerBound) * 3
        let length = range.count * 3
        pixels.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress?.advanced(by: start) else { return }
            base.storeBytes(of: color.red, as: UInt8.self)
            base.storeBytes(of: color.green, toByteOffset: 1, as: UInt8.self)
            base.storeBytes(of: color.blue, toByteOffset: 2, as: UInt8.self)
            // Doubling copies: a few large moves instead of a loop over pixels.
            var done = 3
            while done < length {
                let step = min(done, length - done)
                base.advanced(by: done).copyMemory(from: base, byteCount: step)
                done += step
            }
        }
    }

    /// Lays a colour over the pixels `range` of row `y`; runs of equal pixels are mixed once.
    package mutating func blend(_ range: Range<Int>, row y: Int, with color: Color, _ share: Double) {
        let range = range.clamped(to: 0..<width)
        guard (0..<height).contains(y), !range.isEmpty else { return }
        var x = range.lowerBound
        while x < range.upperBound {
            let under = self[x, y]
            var end = x + 1
            while end < range.upperBound, self[end, y] == under { end += 1 }
            fill(x..<end, row: y, with: under.mixed(with: color, share))
            x = end
        }
    }

    /// A disc with a soft edge.
    package mutating func disc(x: Double, y: Double, radius: Double, color: Color, _ share: Double = 1) {
        for row in max(0, Int(y - radius))..<max(0, min(height, Int(y + radius) + 1)) {
            let distance = Double(row) + 0.5 - y
            let half = (radius * radius - distance * distance).squareRoot()
            guard half > 0 else { continue }
            let left = x - half
            let right = x + half
            let inside = Int(left.rounded(.up))..<max(Int(left.rounded(.up)), Int(right.rounded(.down)))
            blend(inside, row: row, with: color, share)
            // The pixels that the edge cuts get as much colour as it covers of them.
            let leftEdge = Int(left.rounded(.down))
            blend(leftEdge..<leftEdge + 1, row: row, with: color, share * (left.rounded(.up) - left))
            blend(
                inside.upperBound..<inside.upperBound + 1, row: row, with: color, share * (right - right.rounded(.down))
            )
        }
    }
}
