import FoundationEssentials

/// Where pictures can be fetched from.
package protocol ImageSource: Sendable {
    /// Fetches a finished image's bytes and checks type, size and dimensions before anyone decodes them.
    ///
    /// - Throws: ``ProviderError/Code/malformed`` when they are no PNG, JPEG or WebP within the limits;
    ///   ``ProviderError/Code/gone`` when they are not there any more.
    func download(_ url: String, deadline: Duration) async throws -> ImageFile
}

/// Paints pictures: ordered, then collected, with nothing held while it paints; or, by a provider that takes no orders,
/// answered in the one call, which then lasts as long as painting does.
package protocol ImageProvider: ImageSource {
    /// Orders one image.
    ///
    /// Not repeatable: after a lost answer ask ``find(marker:since:deadline:)`` before ordering again.
    ///
    /// - Returns: the order, and how it stands: ``ImageProgress/painted(_:)`` when there is nothing to collect.
    /// - Throws: ``ProviderError``; its `sent` says whether the order may have been taken, and its `usage` is not nil
    ///   when a picture was paid for that is of no use.
    func create(_ request: ImageRequest, deadline: Duration) async throws -> ImageTicket

    /// Asks how an order stands.
    func collect(_ id: String, deadline: Duration) async throws -> ImageProgress

    /// Stops an order. Harmless when it is already finished or unknown.
    func cancel(_ id: String, deadline: Duration) async throws

    /// The order that was created with `marker`, if the provider has one: adopts an order whose answer was lost.
    ///
    /// - Parameter since: orders created before are not looked at.
    func find(marker: String, since: Date, deadline: Duration) async throws -> ImageTicket?
}

/// What an image provider is asked.
package struct ImageRequest: Sendable, Equatable {
    package var prompt: String
    /// Width to height, such as "16:9". A provider that is configured with a size goes by that instead.
    package var aspectRatio: String
    /// Identifies this order among ours, so that a lost one can be found again.
    package var marker: String
    /// Where the provider reports the end, if anywhere. A hint only: collect decides.
    package var webhook: String?

    package init(prompt: String, aspectRatio: String = "16:9", marker: String, webhook: String? = nil) {
        self.prompt = prompt
        self.aspectRatio = aspectRatio
        self.marker = marker
        self.webhook = webhook
    }
}

/// An order that a provider has taken, and how it stands already.
package struct ImageTicket: Sendable, Equatable {
    package var id: String
    package var progress: ImageProgress

    package init(id: String, progress: ImageProgress = .pending) {
        self.id = id
        self.progress = progress
    }
}

/// How an order stands.
package enum ImageProgress: Sendable, Equatable {
    case pending
    case ready(url: String)
    /// The picture itself, checked. Nothing is left to be asked, fetched or stopped.
    case painted(ImageFile)
    case failed(ImageFailure)
}

/// Why there will be no image from this order.
package struct ImageFailure: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        /// The safety filter stopped it: another prompt may pass, the same one will not.
        case flagged = "image.flagged"
        case failed = "image.failed"
        case cancelled = "image.cancelled"
        /// It had ended, but the provider has deleted the result since.
        case expired = "image.expired"
    }
    package var code: Code
    /// Ours, safe to show.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// True when a new order of the same prompt may succeed.
    package var isWorthRepeating: Bool { code != .flagged }
}
