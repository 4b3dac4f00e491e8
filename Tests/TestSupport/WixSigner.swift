import Crypto
import CryptoExtras
import Foundation

/// Signs as Wix does.
package struct WixSigner: Sendable {
    private let key: _RSA.Signing.PrivateKey

    package init() throws { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// In PEM.
    package var publicKey: String { key.publicKey.pemRepresentation }

    /// The body of a webhook.
    package func jwt(_ type: String, _ instance: String, at time: Date) throws -> [UInt8] {
        let data = #"{\"eventType\":\"\#(type)\",\"instanceId\":\"\#(instance)\",\"data\":\"{}\"}"#
        let seconds = Int(time.timeIntervalSince1970)
        let claims = #"{"data":"\#(data)","iat":\#(seconds),"exp":\#(seconds + 2 * 86_400)}"#
        let signed = "\(Data(#"{"alg":"RS256","typ":"JWT"}"#.utf8).base64URL).\(Data(claims.utf8).base64URL)"
        let signature = try key.signature(
            for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
        return Array("\(signed).\(signature.rawRepresentation.base64URL)".utf8)
    }

    /// The signed instance that a dashboard passes on.
    package static func instance(
        _ instance: String, app: String, secret: String, until end: Date, permissions: String = "OWNER"
    ) -> String {
        let expiry = end.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let payload =
            #"{"instanceId":"\#(instance)","appDefId":"\#(app)","permissions":"\#(permissions)","#
            + #""expirationDate":"\#(expiry)"}"#
        let encoded = Data(payload.utf8).base64URL
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(encoded.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return "\(Data(code).base64URL).\(encoded)"
    }
}

extension Data {
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
