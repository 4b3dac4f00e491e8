/// A rectangle on the card, in pixels from its upper left corner.
struct Box: Sendable, Equatable {
    var x, y, width, height: Double

    init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    var middle: (x: Double, y: Double) { (x + width / 2, y + height / 2) }
    var right: Double { x + width }
    var bottom: Double { y + height }

    /// The same box on a card that is read from right to left.
    func mirrored(across total: Double) -> Box { Box(total - right, y, width, height) }
}
