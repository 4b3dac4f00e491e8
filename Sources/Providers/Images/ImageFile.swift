/// An image's bytes, checked but not decoded.
package struct ImageFile: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case png = "image/png"
        case jpeg = "image/jpeg"
        case webp = "image/webp"
    }

    package let bytes: [UInt8]
    /// By the bytes, not by what the server says.
    package let kind: Kind
    /// Pixels.
    package let width: Int
    package let height: Int

    package var contentType: String { kind.rawValue }
}
