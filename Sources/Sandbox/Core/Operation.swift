/// What a call is for: what faults, latencies and counters go by.
package enum Operation: String, Sendable, Codable, CaseIterable {
    /// A completion whose schema is called `ideas`.
    case ideas
    /// A completion whose schema is called `article`.
    case article
    /// Any other completion.
    case chat
    case models
    case imageCreate = "image.create"
    case imageGet = "image.get"
    case imageList = "image.list"
    case imageCancel = "image.cancel"
    case imageFile = "image.file"
    case imageGeneration = "image.generation"
    case account
    /// A delivery to the caller's webhook: not a call, but it can go wrong.
    case webhook
    /// Wix: an access token.
    case wixToken = "wix.token"
    case wixDraftCreate = "wix.draft.create"
    case wixPublish = "wix.publish"
    case wixUpload = "wix.upload"
    /// Any other call of Wix's API.
    case wixCall = "wix.call"
    /// A message of Wix's to the app: not a call either.
    case wixWebhook = "wix.webhook"
    case unknown

    /// A call of Wix's API.
    package var isWix: Bool { rawValue.hasPrefix("wix.") && !isDelivery }
    /// The sandbox calls, instead of being called.
    package var isDelivery: Bool { self == .webhook || self == .wixWebhook }
    package var isChat: Bool { self == .ideas || self == .article || self == .chat }
}
