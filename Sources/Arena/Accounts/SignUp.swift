import Foundation
import ProductKit
import Providers

/// What somebody gives to get an account.
package struct SignUp: Sendable {
    package var email: String
    package var password: String
    package var displayName: String
    /// An IANA name; the day of the quotas is this zone's.
    package var timeZone: String
    /// The public page from which they came, if any.
    package var shareSlug: String?

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> SignUp {
        var reader = try FieldReader(body: body)
        let email = Email.read(&reader)
        let password = Password.read(&reader)
        let name = reader.text("display_name", length: 1...80)
        let zone = reader.text("time_zone", length: 1...64) ?? "UTC"
        if TimeZone(identifier: zone) == nil { reader.complain("time_zone", "must be a zone such as Europe/Berlin") }
        let share = reader.text("share_slug", length: 1...64)
        try reader.close()
        return SignUp(
            email: email, password: password, displayName: name ?? String(email.prefix { $0 != "@" }.prefix(80)),
            timeZone: zone, shareSlug: share)
    }
}

/// What somebody gives to come in.
package struct SignIn: Sendable {
    package var email: String
    package var password: String

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> SignIn {
        var reader = try FieldReader(body: body)
        let form = SignIn(email: Email.read(&reader), password: Password.read(&reader))
        try reader.close()
        return form
    }
}

/// A signed-in person's tokens.
package struct SignedIn: Sendable, Encodable {
    package let userID: UserID
    /// For `Authorization: Bearer`.
    package let token: String
    package let expiresInSeconds: Int
    /// For one refresh.
    package let refreshToken: String

    enum CodingKeys: String, CodingKey {
        case userID = "userId"
        case token, expiresInSeconds, refreshToken
    }
}

/// What asks for new tokens.
package enum RefreshRequest {
    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> String {
        var reader = try FieldReader(body: body)
        let token = reader.required("refresh_token", length: 1...128)
        try reader.close()
        return token
    }
}

private enum Email {
    static func read(_ reader: inout FieldReader) -> String {
        let email = reader.required("email", length: 3...254).lowercased()
        if !email.isEmpty, email.wholeMatch(of: /[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+/) == nil {
            reader.complain("email", "must be an address such as ada@example.org")
        }
        return email
    }
}

private enum Password {
    /// Taken as it is: neither trimmed nor restricted, but for its length.
    static func read(_ reader: inout FieldReader) -> String {
        guard let password = reader.member("password")?.string else {
            reader.complain("password", "is missing")
            return ""
        }
        if !(8...256).contains(password.unicodeScalars.count) {
            reader.complain("password", "must have 8 to 256 characters")
        }
        return password
    }
}
