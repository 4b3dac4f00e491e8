import Crypto
import CryptoExtras
import Foundation

/// The key pair by which the simulated Wix signs what it tells the app (RS256).
///
/// Each sandbox has one of its own, made when it is first needed: that takes a moment.
package struct WixWebhookKey: Sendable {
    private let key: _RSA.Signing.PrivateKey

    package init() throws { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// The public half in PEM, as an app's page shows it.
    package var publicPEM: String { key.publicKey.pemRepresentation }

    /// The claims as a signed token (RFC 7519).
    ///
    /// - Parameter isForged: the signature is that of another text.
    /// - Throws: what the cryptography throws; it does not in practice.
    package func token(_ claims: JSONValue, isForged: Bool = false) throws -> [UInt8] {
        let header: JSONValue = ["alg": "RS256", "typ": "JWT"]
        let text = "\(Base64.urlText(of: header.bytes)).\(Base64.urlText(of: claims.bytes))"
        let signed = isForged ? text + " " : text
        let signature = try key.signature(
            for: SHA256.hash(data: Array(signed.utf8)), padding: .insecurePKCS1v1_5)
        return Array("\(text).\(Base64.urlText(of: Array(signature.rawRepresentation)))".utf8)
    }
}
