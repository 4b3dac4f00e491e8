import Crypto
import FoundationEssentials
import Outbound

/// Reads the signed `instance` by which a Wix dashboard says which site calls: HMAC-SHA256 with the app's secret.
package struct WixSignedInstance: Sendable {
    private let appID: String
    private let key: SymmetricKey

    private static let bytesMax = 8_192

    package init(_ app: WixApp) {
        appID = app.id
        key = SymmetricKey(data: Array(app.secret.exposed.utf8))
    }

    private struct Payload: Decodable {
        let instanceId: String
        let appDefId: String?
        let permissions: String?
        let expirationDate: String?
    }

    /// The instance id of a site whose owner calls.
    ///
    /// - Parameter text: `signature.payload`, both base64url.
    /// - Returns: nil for what is not signed by Wix for our app, is out of date, or does not come from the owner.
    package func owner(in text: String, now: Date) -> String? {
        // Whatever is wrong with it, it is not signed.
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.bytesMax, parts.count == 2,
            let signature = Data(base64URL: parts[0]), let json = Data(base64URL: parts[1]),
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: Array(parts[1].utf8), using: key),
            let payload = try? JSONDecoder().decode(Payload.self, from: json)
        else { return nil }
        guard payload.appDefId == appID, payload.permissions == "OWNER",
            let expiry = payload.expirationDate.flatMap(Self.date), expiry > now
        else { return nil }
        return payload.instanceId
    }

    private static func date(_ text: String) -> Date? {
        // With or without fractions of a second; anything else is no date.
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? style.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))
    }
}

extension Data {
    /// Reads base64url, with or without padding (RFC 4648, section 5).
    init?(base64URL text: some StringProtocol) {
        var plain = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while plain.count % 4 != 0 { plain.append("=") }
        self.init(base64Encoded: String(plain))
    }
}
