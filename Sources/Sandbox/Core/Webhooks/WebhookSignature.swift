import Crypto
import Foundation

/// Signatures as Standard Webhooks 1.0 has them.
package enum WebhookSignature {
    /// The account's secret. Derived from the seed, so it protects nothing; real ones are random.
    package static func secret(seed: UInt64) -> String {
        var chance = Chance(seed: seed, about: "webhook secret")
        let key = (0..<4).flatMap { _ in withUnsafeBytes(of: chance.next().bigEndian) { Array($0) } }
        return "whsec_" + Data(key).base64EncodedString()
    }

    /// `v1,…` over identifier, time in Unix seconds, and body.
    package static func sign(id: String, timestamp: Int, body: [UInt8], secret: String) -> String {
        var encoded = String(secret.dropFirst(secret.hasPrefix("whsec_") ? 6 : 0))
        while !encoded.count.isMultiple(of: 4) { encoded += "=" }
        let key = SymmetricKey(data: Data(base64Encoded: encoded) ?? Data())
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: key)
        return "v1," + Data(code).base64EncodedString()
    }
}
