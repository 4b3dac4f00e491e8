import CPangoCairo

/// How a text is set.
struct TextStyle {
    let weight: PangoWeight
    /// In pixels, largest first: the first in which the whole text fits its box is taken, or the last.
    let sizes: [Double]
    /// Distance of two base lines over the size. Every script gets the same; fonts that step in for one another would
    /// each bring their own.
    var leading = 1.24

    static func bold(_ sizes: Double...) -> TextStyle { TextStyle(weight: PANGO_WEIGHT_BOLD, sizes: sizes) }
    static func semibold(_ sizes: Double...) -> TextStyle { TextStyle(weight: PANGO_WEIGHT_SEMIBOLD, sizes: sizes) }
    static func regular(_ sizes: Double...) -> TextStyle { TextStyle(weight: PANGO_WEIGHT_NORMAL, sizes: sizes) }

    func leading(_ leading: Double) -> TextStyle {
        TextStyle(weight: weight, sizes: sizes, leading: leading)
    }
}

/// The edge that lines of text keep to.
enum Edge {
    case left, right, middle

    var opposite: Edge {
        switch self {
        case .left: .right
        case .right: .left
        case .middle: .middle
        }
    }
}
