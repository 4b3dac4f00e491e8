import Foundation
import JWTKit
import ProductKit

/// Signs and reads the tokens that Arena hands out: JWTs of one algorithm, HS256, whatever a token's own header claims.
package struct AccessTokens: Sendable {
    /// As many as the hash has: a shorter key can be guessed sooner than the signature.
    package static let secretBytesMin = 32
    private static let bytesMax = 2_048

    let life: Duration
    private let keys = JWTKeyCollection()

    /// - Throws: ``WeakTokenSecret``.
    init(secret: [UInt8], life: Duration) async throws {
        guard secret.count >= Self.secretBytesMin else { throw WeakTokenSecret(bytes: secret.count) }
        self.life = life
        await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    /// Says for a short time that somebody is signed in.
    func issue(_ user: UserID, _ session: SessionID, at now: Timestamp) async throws -> String {
        try await sign(
            Claims(use: .access, subject: user.rawValue, id: session.rawValue, expiresAt: now.adding(life)))
    }

    /// - Throws: `token.invalid`.
    func read(_ token: String, at now: Timestamp) async throws -> (user: UserID, session: SessionID) {
        let claims = try await verify(token, use: .access, at: now)
        guard let user = UserID(claims.subject), let session = SessionID(claims.id) else { throw ArenaError.badToken }
        return (user, session)
    }

    func sign(_ claims: Claims) async throws -> String { try await keys.sign(claims) }

    /// - Throws: `token.invalid`, for whichever reason.
    func verify(_ token: String, use: Claims.Use, at now: Timestamp) async throws -> Claims {
        guard token.utf8.count <= Self.bytesMax, Self.isPinned(token) else { throw ArenaError.badToken }
        let claims: Claims
        do { claims = try await keys.verify(token, as: Claims.self) } catch { throw ArenaError.badToken }
        guard claims.use == use, Int64(claims.expiry) * 1000 > now.milliseconds else { throw ArenaError.badToken }
        return claims
    }

    private static func isPinned(_ token: String) -> Bool {
        guard let bytes = Data(base64URL: String(token.prefix { $0 != "." })),
            // What is no header is no token of ours.
            let header = try? JSONDecoder().decode(Header.self, from: bytes)
        else { return false }
        return header.alg == "HS256"
    }

    private struct Header: Decodable { let alg: String }

    /// What a token says.
    struct Claims: JWTPayload {
        /// What a token is for; one for another use opens nothing.
        enum Use: String, Codable, Sendable { case access, remix }

        var use: Use
        var subject: String
        var id: String
        /// Whole seconds since 1970.
        var expiry: Int
        var issuer = Self.issuer

        static let issuer = "pressroom-arena"

        init(use: Use, subject: String, id: String, expiresAt: Timestamp) {
            self.use = use
            self.subject = subject
            self.id = id
            expiry = Int(expiresAt.milliseconds / 1000)
        }

        enum CodingKeys: String, CodingKey {
            case use
            case subject = "sub"
            case id = "jti"
            case expiry = "exp"
            case issuer = "iss"
        }

        /// The time is judged by whoever asks, by the clock that it was given.
        func verify(using algorithm: some JWTAlgorithm) async throws {
            guard issuer == Self.issuer else {
                throw JWTError.generic(identifier: "iss", reason: "another issuer")
            }
        }
    }
}

/// A secret too short to sign with.
package struct WeakTokenSecret: Error, CustomStringConvertible {
    let bytes: Int
    package var description: String {
        "the token secret has \(bytes) bytes; at least \(AccessTokens.secretBytesMin) are needed"
    }
}

extension ArenaError {
    package static let badToken = ArenaError(
        .tokenInvalid, "The token is not valid, or no longer.",
        hint: "Get a new one from POST /auth/refresh, or sign in again.")
}
