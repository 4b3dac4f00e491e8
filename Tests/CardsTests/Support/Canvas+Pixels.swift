@testable import Cards

extension Canvas {
    /// One number for each pixel, row by row.
    func colors() throws -> [UInt32] {
        try withPixels { pixels, stride in
            (0..<height).flatMap { y in
                (0..<width).map { pixels.load(fromByteOffset: y * stride + $0 * 4, as: UInt32.self) & 0xFFFFFF }
            }
        }
    }
}

extension [UInt32] {
    /// How many pixels of two pictures differ outside of a box.
    func differences(from other: [UInt32], outside box: Box) -> Int {
        let width = Int(CardDrawing.width)
        var count = 0
        for place in indices where self[place] != other[place] {
            let (x, y) = (Double(place % width), Double(place / width))
            let isInside = x >= box.x && x < box.right && y >= box.y && y < box.bottom
            if !isInside { count += 1 }
        }
        return count
    }
}
