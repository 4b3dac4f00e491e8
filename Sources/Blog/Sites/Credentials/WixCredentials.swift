import Outbound
import ProductKit

/// What opens a site at its own publisher, where it is not the installation's.
package struct WixCredentials: Sendable, Hashable {
    /// The id of the app that this site has installed, and its secret.
    package var appID: String
    package var appSecret: Secret

    package init(appID: String, appSecret: Secret) {
        self.appID = appID
        self.appSecret = appSecret
    }

    /// - Throws: `request.malformed`; `validation.failed` with every problem. No problem repeats what was sent.
    package init(reading body: some Sequence<UInt8>) throws(BlogError) {
        var reader = try FieldReader(body: body)
        let id = reader.text("appId", length: 1...100)
        let secret = reader.text("appSecret", length: 8...400)
        reader.finish()
        for (field, value) in [("appId", id), ("appSecret", secret)] {
            switch value {
            case nil where !reader.problems.contains { $0.field == field }:
                reader.complain(field, "is missing")
            case let value? where !value.utf8.allSatisfy({ (33...126).contains($0) }):
                reader.complain(field, "must be signs of ASCII without blanks")
            default: break
            }
        }
        guard reader.problems.isEmpty, let id, let secret else { throw .invalid(reader.problems) }
        self.init(appID: id, appSecret: Secret(secret))
    }
}

/// What may be known of stored credentials: that they are there.
package struct CredentialNote: Sendable, Hashable, Encodable {
    package let publisher: PublisherKind
    package let changedAt: Timestamp
}
