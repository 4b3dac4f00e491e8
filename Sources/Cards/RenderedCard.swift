/// A card's picture and its tag.
package struct RenderedCard: Sendable, Equatable {
    /// A PNG of 1200 × 630, 40 to 200 KiB.
    package let png: [UInt8]
    package let etag: String
}
