/// An image model by its name, and what is known of OpenAI's own families. Of any other, nothing is taken for granted.
package struct OpenAIImageModel: Sendable, Hashable {
    package let name: String
    /// Without the vendor before a slash, as routers write it.
    private let ownName: String

    package init(_ name: String) {
        self.name = name
        ownName = name.split(separator: "/").last.map(String.init) ?? name
    }

    /// True for models whose answers are in base64 in any case, and that refuse to be asked for it.
    var answersInBase64Only: Bool { ownName.hasPrefix("gpt-image") || ownName.hasPrefix("chatgpt-image") }

    /// A size that the model draws: its widest, or about 16:9 where it is free.
    package var standardSize: OpenAIImageSize {
        if isFree { return .pixels(width: 1_536, height: 864) }
        return sizes?.first ?? .pixels(width: 1_024, height: 1_024)
    }

    /// What the model draws, in words, when `size` is not among it; nil when it is, or when nobody knows.
    package func objection(to size: OpenAIImageSize) -> String? {
        guard case .pixels(let width, let height) = size else { return nil }
        if isFree {
            let isDrawn =
                width.isMultiple(of: 16) && height.isMultiple(of: 16)
                && max(width, height) <= 3 * min(width, height) && width * height <= Self.freePixelsMax
            return isDrawn
                ? nil : "`auto`, or sides that are multiples of 16, one at most three times the other, 3840x2160 in all"
        }
        guard let sizes, !sizes.contains(size) else { return nil }
        return "one of auto, " + sizes.map(\.description).joined(separator: ", ")
    }

    private static let freePixelsMax = 3_840 * 2_160

    /// The widest first.
    private static let families: [(name: String, sizes: [OpenAIImageSize])] = [
        (
            "gpt-image-1",
            [
                .pixels(width: 1_536, height: 1_024), .pixels(width: 1_024, height: 1_024),
                .pixels(width: 1_024, height: 1_536),
            ]
        ),
        (
            "dall-e-3",
            [
                .pixels(width: 1_792, height: 1_024), .pixels(width: 1_024, height: 1_024),
                .pixels(width: 1_024, height: 1_792),
            ]
        ),
        (
            "dall-e-2",
            [
                .pixels(width: 1_024, height: 1_024), .pixels(width: 512, height: 512),
                .pixels(width: 256, height: 256),
            ]
        ),
    ]

    private var isFree: Bool { belongs(to: "gpt-image-2") }

    /// Nil where the sizes are not a short list.
    private var sizes: [OpenAIImageSize]? { Self.families.first { belongs(to: $0.name) }?.sizes }

    private func belongs(to family: String) -> Bool {
        guard ownName.hasPrefix(family) else { return false }
        let next = ownName.dropFirst(family.count).first
        return next == nil || next == "-" || next == "."
    }
}
