import ProductKit

/// What is stored and shown of an API key; the key itself is shown once, when it is issued.
package struct SiteKey: Sendable, Codable, Identifiable {
    /// Hexadecimal SHA-256 of the key.
    package var id: String
    /// How the key begins, such as `pr_bakery_3kX9…`, to recognise it by.
    package var prefix: String
    package var createdAt: Timestamp
    package var revokedAt: Timestamp?
}

/// A new key, in the only moment in which it can be read.
package struct IssuedKey: Sendable {
    /// `pr_<site>_<random>`, 192 random bits.
    package var key: String
    package var stored: SiteKey
}
