import Crypto
import CryptoExtras
import FoundationEssentials

/// Reads the webhooks of Wix: a bare JWT, signed RS256 with a key of which the app knows the public half.
package struct WixWebhooks: Sendable {
    private let key: _RSA.Signing.PublicKey

    private static let bytesMax = 256 << 10
    /// How far its sender's clock may be off, in seconds.
    private static let leeway = 300.0

    /// - Parameter pem: the public key, as the app's page shows it.
    /// - Throws: for what is no RSA key in PEM.
    package init(pem: String) throws { key = try _RSA.Signing.PublicKey(pemRepresentation: pem) }

    private struct Header: Decodable { let alg: String }
    private struct Claims: Decodable {
        /// JSON in JSON.
        let data: String
        let exp: Double?
        let iat: Double?
    }
    private struct Envelope: Decodable {
        let eventType: String
        let instanceId: String
    }

    /// - Parameter body: the raw bytes.
    /// - Returns: nil for what Wix has not signed, or what is out of date.
    package func event(in body: [UInt8], now: Date) -> WixEvent? {
        // Whatever is wrong with it, it is not signed.
        let text = String(decoding: body, as: UTF8.self)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard body.count <= Self.bytesMax, parts.count == 3, let head = Data(base64URL: parts[0]),
            let payload = Data(base64URL: parts[1]), let signature = Data(base64URL: parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: head), header.alg == "RS256",
            key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature),
                for: SHA256.hash(data: Array("\(parts[0]).\(parts[1])".utf8)), padding: .insecurePKCS1v1_5)
        else { return nil }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: payload),
            claims.exp.map({ now.timeIntervalSince1970 <= $0 + Self.leeway }) ?? true,
            claims.iat.map({ $0 <= now.timeIntervalSince1970 + Self.leeway }) ?? true,
            let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(claims.data.utf8))
        else { return nil }
        let digest = SHA256.hash(data: Array(payload)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        return WixEvent(
            kind: WixEvent.Kind(rawValue: envelope.eventType), instance: envelope.instanceId, digest: digest,
            at: claims.iat.map { Date(timeIntervalSince1970: max(0, $0)) } ?? now)
    }
}

/// What a webhook of Wix says.
package struct WixEvent: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case installed = "AppInstalled"
        case removed = "AppRemoved"
    }
    /// Nil for one that does not concern us.
    package let kind: Kind?
    package let instance: String
    /// The same for each repetition.
    package let digest: String
    package let at: Date

    package init(kind: Kind?, instance: String, digest: String, at: Date) {
        self.kind = kind
        self.instance = instance
        self.digest = digest
        self.at = at
    }
}
