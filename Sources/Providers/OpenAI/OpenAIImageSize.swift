/// How large a picture is asked for.
package enum OpenAIImageSize: Sendable, Hashable, CustomStringConvertible {
    /// As the model likes: nothing is said of it.
    case auto
    case pixels(width: Int, height: Int)

    /// Pixels that a side may have. The largest square stays within ``ImageFile/pixelsMax``.
    package static let sideBounds = 64...3_840

    /// Reads `auto`, or width and height such as `1536x864`; nil for anything else and for sides out of bounds.
    package init?(_ text: String) {
        let text = text.lowercased()
        if text == "auto" {
            self = .auto
            return
        }
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).compactMap(Self.side)
        guard sides.count == 2, text.count(where: { $0 == "x" }) == 1 else { return nil }
        self = .pixels(width: sides[0], height: sides[1])
    }

    /// As it is written in a request and in a setting.
    package var description: String {
        switch self {
        case .auto: "auto"
        case .pixels(let width, let height): "\(width)x\(height)"
        }
    }

    private static func side(_ text: Substring) -> Int? {
        // `Int` would take a sign.
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let side = Int(text), sideBounds.contains(side) else {
            return nil
        }
        return side
    }
}
