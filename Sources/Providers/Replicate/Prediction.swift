import Crypto

/// One order as Replicate describes it, in answers and webhooks alike.
package struct Prediction: Sendable {
    package let id: String
    private let json: JSON

    /// - Throws: ``ProviderError/Code/malformed`` when it is no prediction.
    package init(_ body: [UInt8]) throws(ProviderError) {
        guard let json = JSON(body), let prediction = Prediction(json) else {
            throw ProviderError(.malformed, "The image provider's answer is not a prediction", retry: .backoff)
        }
        self = prediction
    }

    init?(_ json: JSON) {
        // The id becomes part of addresses and of our own rows, so only plain ones pass.
        guard let id = json["id"]?.string, (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ $0 == 45 || $0 == 95 || (48...57).contains($0) || (97...122).contains($0 | 32) })
        else { return nil }
        self.id = id
        self.json = json
    }

    package var ticket: ImageTicket { ImageTicket(id: id, progress: progress) }

    /// How the order stands. Statuses that are not known yet count as ended: an order must never be waited for forever.
    package var progress: ImageProgress {
        switch status {
        case "starting": .pending
        // With `Prefer: wait` the image can be there while the status still says processing.
        case "processing": output.map { .ready(url: $0) } ?? .pending
        case "succeeded": output.map { .ready(url: $0) } ?? .failed(withoutOutput)
        case "canceled", "cancelled", "aborted":
            .failed(ImageFailure(.cancelled, "The image order was stopped before it was finished"))
        default: .failed(failure)
        }
    }

    var seed: Int? { json["input"]?["seed"]?.integer }
    var isFailed: Bool { if case .failed = progress { true } else { false } }

    /// The seed that stands for `marker`: 31 bits, which every model accepts.
    static func seed(of marker: String) -> Int {
        let digest = Array(SHA256.hash(data: Array(marker.utf8)))
        return digest[..<4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
    }

    private var status: String { json["status"]?.string ?? "" }

    /// Models answer with one address or with a list.
    private var output: String? { json["output"]?.string ?? json["output"]?[0]?.string }

    private var withoutOutput: ImageFailure {
        json["data_removed"]?.bool == true
            ? ImageFailure(.expired, "The image provider has deleted the image")
            : ImageFailure(.failed, "The image provider finished without an image")
    }

    /// The provider's text is read for its class and not passed on.
    private var failure: ImageFailure {
        let text = json["error"]?.string?.lowercased() ?? ""
        let isFlagged = ["e005", "flagged", "nsfw", "sensitive"].contains { text.contains($0) }
        return isFlagged
            ? ImageFailure(.flagged, "The image provider's safety filter stopped the image")
            : ImageFailure(.failed, "The image provider could not make the image")
    }
}
