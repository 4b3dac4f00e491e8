extension ImageFile {
    /// 32 MB. A larger file is no picture for an article.
    package static let bytesMax = 32 << 20
    /// 16 megapixels; decoded that is 64 MB. A few kilobytes of PNG can claim a thousand times as many.
    package static let pixelsMax = 1 << 24

    /// Reads type and dimensions from the first bytes, without decoding.
    ///
    /// - Throws: ``ProviderError/Code/malformed``: no PNG, JPEG or WebP, cut short, or beyond the limits.
    package init(checking bytes: [UInt8]) throws(ProviderError) {
        guard bytes.count <= Self.bytesMax else { throw Self.failure("is larger than \(Self.bytesMax >> 20) MB") }
        guard let (kind, width, height) = ImageHeader.read(bytes) else {
            throw Self.failure("is no whole PNG, JPEG or WebP")
        }
        guard width > 0, height > 0, width.multipliedReportingOverflow(by: height).partialValue <= Self.pixelsMax,
            width <= Self.pixelsMax, height <= Self.pixelsMax
        else { throw Self.failure("claims \(width) × \(height) pixels") }
        self.init(bytes: bytes, kind: kind, width: width, height: height)
    }

    private static func failure(_ what: String) -> ProviderError {
        ProviderError(.malformed, "The image \(what)", retry: .backoff)
    }
}
