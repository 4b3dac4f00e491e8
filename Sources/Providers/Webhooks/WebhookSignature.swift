import Crypto
import FoundationEssentials
import HTTPTypes
import Outbound

/// Signs and verifies webhooks as Standard Webhooks 1.0.0 says; Replicate's are the same.
package struct WebhookSignature: Sendable {
    /// How far a timestamp may lie from now, either way: a recorded webhook cannot be played back later.
    package static let tolerance = Duration.seconds(300)

    private let key: SymmetricKey

    /// - Parameter secret: `whsec_` and base64 (padding may be missing) of 24 to 64 bytes.
    package init(secret: Secret) throws(WebhookError) {
        var text = secret.exposed
        if text.hasPrefix("whsec_") { text.removeFirst(6) }
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: text), (24...64).contains(bytes.count) else { throw .badSecret }
        key = SymmetricKey(data: bytes)
    }

    /// The value of `webhook-signature`.
    ///
    /// - Parameter timestamp: of this attempt, in seconds since 1970.
    package func sign(id: String, timestamp: Int, body: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Self.content(id, "\(timestamp)", body), using: key)
        return "v1,\(Data(code).base64EncodedString())"
    }

    /// Accepts a webhook only when one of its signatures is ours and its timestamp is near `now`.
    ///
    /// - Returns: the webhook's id, the same on each repetition: the receiver's key for dropping duplicates.
    @discardableResult
    package func verify(_ headers: HTTPFields, body: [UInt8], now: Date) throws(WebhookError) -> String {
        guard let id = Self.value("id", headers), let timestamp = Self.value("timestamp", headers),
            let signatures = Self.value("signature", headers), !id.isEmpty, id.utf8.count <= 256
        else { throw .missingHeader }
        guard let seconds = Int(timestamp), (0...1 << 40).contains(seconds) else { throw .missingHeader }
        guard signatures.split(separator: " ").prefix(16).contains(where: { isOurs($0, id, timestamp, body) }) else {
            throw .mismatch
        }
        let age = abs(now.timeIntervalSince1970 - Double(seconds))
        guard age <= Double(Self.tolerance.components.seconds) else { throw .stale }
        return id
    }

    private func isOurs(_ signature: Substring, _ id: String, _ timestamp: String, _ body: [UInt8]) -> Bool {
        // Unknown versions are skipped: a sender may add newer ones beside v1.
        guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3))) else {
            return false
        }
        // Compares in constant time.
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: Self.content(id, timestamp, body), using: key)
    }

    private static func content(_ id: String, _ timestamp: String, _ body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }

    /// Senders of one brand use a prefix of their own with the same mathematics.
    private static func value(_ part: String, _ headers: HTTPFields) -> String? {
        headers[.known("webhook-\(part)")] ?? headers[.known("svix-\(part)")]
    }
}

/// Why a webhook is not accepted.
package enum WebhookError: String, Error, Sendable, CustomStringConvertible {
    case badSecret = "webhook.bad_secret"
    case missingHeader = "webhook.missing_header"
    case mismatch = "webhook.mismatch"
    case stale = "webhook.stale"

    package var description: String {
        switch self {
        case .badSecret: "\(rawValue): the secret is not whsec_ and base64 of 24 to 64 bytes"
        case .missingHeader: "\(rawValue): webhook-id, webhook-timestamp or webhook-signature is missing or odd"
        case .mismatch: "\(rawValue): no signature matches"
        case .stale: "\(rawValue): the timestamp is more than five minutes away"
        }
    }
}
