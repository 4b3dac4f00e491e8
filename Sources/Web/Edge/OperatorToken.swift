import Crypto
import Foundation

/// The operator's secret, and the session cookies that it signs.
///
/// A cookie is `<expiry>.<signature>`, signed with a key derived from the token: it needs no table, works on every
/// replica, and changing the token ends all sessions.
struct OperatorToken: Sendable {
    static let sessionLength = Duration.seconds(7 * 24 * 3600)
    private let digest: SHA256Digest
    private let key: SymmetricKey

    init(_ token: String) {
        digest = SHA256.hash(data: Data(token.utf8))
        key = SymmetricKey(
            data: HMAC<SHA256>.authenticationCode(
                for: Data("pressroom operator session".utf8), using: SymmetricKey(data: Data(token.utf8))))
    }

    /// Compares in constant time.
    func matches(_ candidate: String) -> Bool {
        let other = SHA256.hash(data: Data(candidate.utf8))
        return zip(digest, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    func session(from now: Date) -> String {
        let expiry = Int(now.timeIntervalSince1970) + Int(Self.sessionLength.components.seconds)
        return "\(expiry).\(signature(of: expiry))"
    }

    func accepts(session: String, at now: Date) -> Bool {
        let parts = session.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let expiry = Int(parts[0]), Double(expiry) > now.timeIntervalSince1970,
            let code = bytes(hex: parts[1])
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data("\(expiry)".utf8), using: key)
    }

    private func signature(of expiry: Int) -> String {
        HMAC<SHA256>.authenticationCode(for: Data("\(expiry)".utf8), using: key).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private func bytes(hex: Substring) -> Data? {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return nil }
        var data = Data()
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            data.append(byte)
        }
        return data
    }
}
