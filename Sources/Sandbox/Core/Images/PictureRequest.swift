/// What a picture is to be: enough to draw it, and draw it again the same.
package struct PictureRequest: Sendable, Equatable {
    package let prompt: String
    package let seed: UInt64
    package let width: Int
    package let height: Int

    package static let sideRange = 64...2048

    package init(prompt: String, seed: UInt64, width: Int, height: Int) {
        self.prompt = prompt
        self.seed = seed
        self.width = min(max(width, Self.sideRange.lowerBound), Self.sideRange.upperBound)
        self.height = min(max(height, Self.sideRange.lowerBound), Self.sideRange.upperBound)
    }

    /// Width and height of `1024x576`; nil for another text or a size out of bounds.
    package static func size(of text: String) -> (width: Int, height: Int)? {
        let sides = text.lowercased().split(separator: "x").compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy({ sideRange.contains($0) }) else { return nil }
        return (sides[0], sides[1])
    }

    /// The same with another number, for the further pictures of one order.
    package func variant(_ index: Int) -> PictureRequest {
        PictureRequest(prompt: prompt, seed: seed &+ UInt64(index) &* 0x9E37_79B9, width: width, height: height)
    }

    /// The same, so many pixels a side; nil leaves it as it is.
    func sized(_ side: Int?) -> PictureRequest {
        side.map { PictureRequest(prompt: prompt, seed: seed, width: $0, height: $0) } ?? self
    }

    /// The picture as a PNG. Takes some milliseconds.
    package func png() -> [UInt8] { PNG.encode(Composition.draw(self)) }
}
