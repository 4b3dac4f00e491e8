/// A colour with its opacity, each part from 0 to 1.
struct Color: Sendable {
    let red, green, blue, alpha: Double

    /// - Parameter hex: such as 0xFF6B4A.
    init(_ hex: UInt32, alpha: Double = 1) {
        red = Double(hex >> 16 & 0xff) / 255
        green = Double(hex >> 8 & 0xff) / 255
        blue = Double(hex & 0xff) / 255
        self.alpha = alpha
    }

    static func white(_ alpha: Double) -> Color { Color(0xFFFFFF, alpha: alpha) }
}
