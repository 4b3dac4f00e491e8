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
    case unknown

    package var isChat: Bool { self == .ideas || self == .article || self == .chat }
}
