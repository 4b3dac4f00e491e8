import Crypto
import Database
import Engine
import ProductKit

/// Refresh tokens: each works once and is answered with the next. One that comes a second time was stolen, from its owner
/// or by them: nobody can tell which of the two is asking, so the whole session ends.
extension Accounts {
    /// - Throws: `token.invalid`; `session.reused`, and then the session is over.
    package func refresh(_ token: String) async throws -> SignedIn {
        guard token.utf8.count <= 128 else { throw ArenaError.badToken }
        let next = makeRefreshToken()
        let outcome = try await arena.write { transaction, _ -> Rotation in
            let now = try transaction.instant()
            let hash = Self.hash(token)
            // Of two that come at once, one takes it: the other waits for this row and then finds it used.
            let isTaken =
                try transaction.execute(
                    """
                    update session_refreshes set used_at = \(timestamp: now.stored) where hash = \(hash) and used_at is null
                    """) == 1
            let session: Session? = try transaction.one(
                """
                select s.id, s.user_id, \(milliseconds: "s.expires_at"), s.revoked_at is null, u.status = 'active'
                  from session_refreshes r join sessions s on s.id = r.session_id join users u on u.id = s.user_id
                 where r.hash = \(hash)
                """)
            guard let session, session.isOpen else { return .unknown }
            guard isTaken else {
                try Self.revoke(session.id, in: transaction)
                return .reused
            }
            guard session.expiresAt > now else { return .unknown }
            try store(next, of: session.id, at: now, in: transaction)
            return .rotated(session.user, session.id, now)
        }
        switch outcome {
        case .rotated(let user, let session, let now): return try await signedIn(user, session, next, at: now)
        case .unknown: throw ArenaError.badToken
        case .reused:
            throw ArenaError(
                .sessionReused, "This refresh token was used before; the session has been ended.",
                hint: "Sign in again. If it was not you who used it, change your password.")
        }
    }

    private enum Rotation: Sendable {
        case rotated(UserID, SessionID, Timestamp)
        case unknown
        case reused
    }

    private struct Session: RowDecodable, Sendable {
        let id: SessionID
        let user: UserID
        let expiresAt: Timestamp
        let isOpen: Bool
        init(_ row: borrowing Row) throws {
            id = try row[0]
            user = try row[1]
            expiresAt = Timestamp(stored: try row[2])
            let (isUnrevoked, isActive): (Bool, Bool) = (try row[3], try row[4])
            isOpen = isUnrevoked && isActive
        }
    }

    func openSession(
        of user: UserID, refresh: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws -> SessionID {
        let id: SessionID = arena.ids.next(at: now)
        try transaction.execute(
            """
            insert into sessions (id, user_id, expires_at, created_at)
            values (\(id), \(user), \(timestamp: now.adding(arena.settings.sessionLife).stored),
                    \(timestamp: now.stored))
            """)
        try store(refresh, of: id, at: now, in: transaction)
        return id
    }

    private func store(
        _ refresh: String, of session: SessionID, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            insert into session_refreshes (hash, session_id, created_at)
            values (\(Self.hash(refresh)), \(session), \(timestamp: now.stored))
            """)
        try transaction.execute(
            """
            update sessions set expires_at = \(timestamp: now.adding(arena.settings.sessionLife).stored)
             where id = \(session)
            """)
    }

    static func revoke(_ session: SessionID, in transaction: borrowing Transaction) throws {
        let now = try transaction.instant()
        try transaction.execute(
            "update sessions set revoked_at = \(timestamp: now.stored) where id = \(session) and revoked_at is null")
    }

    /// 192 bits of chance.
    func makeRefreshToken() -> String {
        "art_" + (0..<3).map { _ in Self.padded(String(arena.random.bits(), radix: 36), to: 13) }.joined()
    }

    static func hash(_ token: String) -> String {
        SHA256.hash(data: Array(token.utf8)).map { padded(String($0, radix: 16), to: 2) }.joined()
    }

    private static func padded(_ digits: String, to count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
