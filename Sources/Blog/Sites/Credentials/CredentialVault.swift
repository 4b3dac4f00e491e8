import Crypto
import Foundation

/// Seals what opens a site elsewhere, with keys that the database never holds.
///
/// AES-256-GCM (NIST SP 800-38D) under a random nonce of 96 bits. What is sealed for one site, one purpose and one key opens
/// for nothing else: all three are authenticated. The first key seals, every key opens, so that keys can be changed while
/// processes run: put the new one first, start the processes again, seal anew, take the old one away.
package struct CredentialVault: Sendable {
    /// What a sealed text belongs to.
    struct Seat: Sendable, Hashable {
        var tenant: Int64
        var purpose: String
    }

    struct Sealed: Sendable, Hashable {
        /// Which key opens it: the beginning of its SHA-256.
        var key: String
        /// Nonce, cipher text and tag, in Base64.
        var text: String
    }

    /// It was sealed with a key that is not here, for something else, or was changed since.
    struct Unopenable: Error {}

    /// Bytes of a key.
    package static let keyBytes = 32

    private struct Key: Sendable {
        let id: String
        let value: SymmetricKey

        init(_ bytes: [UInt8]) {
            value = SymmetricKey(data: bytes)
            id = SHA256.hash(data: bytes).prefix(4).map { String(format: "%02x", $0) }.joined()
        }
    }

    private let keys: [Key]

    /// - Parameter text: keys, one a line, the newest first: 32 bytes each, in Base64. Lines that begin with `#` are remarks.
    /// - Returns: nil when there is no key in it, or a line that is none.
    package init?(keys text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        let keys = lines.compactMap { Data(base64Encoded: $0) }.filter { $0.count == Self.keyBytes }
        guard !keys.isEmpty, keys.count == lines.count else { return nil }
        self.keys = keys.map { Key(Array($0)) }
    }

    /// The key that seals.
    var sealingKey: String { keys[0].id }

    func seal(_ text: String, for seat: Seat) throws -> Sealed {
        let box = try AES.GCM.seal(
            Data(text.utf8), using: keys[0].value, authenticating: Self.context(seat, key: keys[0].id))
        guard let combined = box.combined else { throw Unopenable() }
        return Sealed(key: keys[0].id, text: combined.base64EncodedString())
    }

    /// - Throws: ``Unopenable``.
    func open(_ sealed: Sealed, for seat: Seat) throws -> String {
        guard let key = keys.first(where: { $0.id == sealed.key }), let data = Data(base64Encoded: sealed.text),
            let box = try? AES.GCM.SealedBox(combined: data),  // Why it does not open is nobody's business.
            let bytes = try? AES.GCM.open(box, using: key.value, authenticating: Self.context(seat, key: key.id)),
            let text = String(bytes: bytes, encoding: .utf8)
        else { throw Unopenable() }
        return text
    }

    private static func context(_ seat: Seat, key: String) -> Data {
        Data("pressroom credentials 1\n\(seat.tenant)\n\(seat.purpose)\n\(key)".utf8)
    }
}
