import Database
import Engine
import Foundation
import ProductKit

/// Who may come in: sign-up, sign-in, and the sessions that follow.
package struct Accounts: Sendable {
    let arena: Arena

    /// Makes a user, who is a tenant of the engine, and signs them in.
    ///
    /// - Throws: `validation.failed`; `email.taken`.
    package func signUp(_ form: SignUp) async throws -> SignedIn {
        let hash = try await arena.passwords.hash(form.password)
        let refresh = makeRefreshToken()
        let made = try await arena.write { transaction, _ in
            let now = try transaction.instant()
            let id: UserID = arena.ids.next(at: now)
            let isKnown = try transaction.value("select id from users where email = \(form.email)", as: UserID.self)
            guard isKnown == nil else { throw ArenaError.emailTaken }
            let tenant = try arena.engine.ensureTenant(named: "user:\(id)", in: transaction)
            let stored = try transaction.execute(
                """
                insert into users (id, tenant_id, email, password_hash, display_name, time_zone, created_at, updated_at)
                values (\(id), \(tenant.id), \(form.email), \(hash), \(form.displayName), \(form.timeZone),
                        \(timestamp: now.stored), \(timestamp: now.stored))
                on conflict (email) do nothing
                """)
            // Somebody was quicker with the same address; what this transaction made goes with it.
            guard stored == 1 else { throw ArenaError.emailTaken }
            if form.shareSlug != nil {
                try ServerEvents.record(.signupFromShare, by: id, about: [:], arena.supplies, in: transaction)
            }
            return (id, try openSession(of: id, refresh: refresh, at: now, in: transaction), now)
        }
        return try await signedIn(made.0, made.1, refresh, at: made.2)
    }

    /// - Throws: `credentials.invalid`, the same for an unknown address and a wrong password, after the same work.
    package func signIn(_ form: SignIn) async throws -> SignedIn {
        let known: Known? = try await arena.read { transaction in
            try transaction.one("select id, password_hash, status from users where email = \(form.email)")
        }
        guard try await arena.passwords.matches(form.password, known?.passwordHash), let known,
            known.status == "active"
        else { throw ArenaError.badCredentials }
        let refresh = makeRefreshToken()
        let (session, now) = try await arena.write { transaction, _ in
            let now = try transaction.instant()
            return (try openSession(of: known.id, refresh: refresh, at: now, in: transaction), now)
        }
        return try await signedIn(known.id, session, refresh, at: now)
    }

    /// The person behind an access token.
    ///
    /// Looks at the session too, so that signing out works at once and not when the token expires.
    /// - Throws: `token.invalid`.
    package func authenticate(_ token: String) async throws -> Member {
        let now = try await arena.read { try $0.instant() }
        let (user, session) = try await arena.tokens.read(token, at: now)
        let caller: Member? = try await arena.read { transaction in
            try transaction.one(
                """
                select u.id, u.tenant_id, u.role, u.time_zone, s.id
                  from users u join sessions s on s.user_id = u.id
                 where u.id = \(user) and u.status = 'active' and s.id = \(session) and s.revoked_at is null
                """)
        }
        guard let caller else { throw ArenaError.badToken }
        return caller
    }

    /// Ends the session, at once. Repeatable.
    package func signOut(_ caller: Member) async throws {
        try await arena.write { transaction, _ in try Self.revoke(caller.session, in: transaction) }
    }

    /// Gives somebody a role.
    ///
    /// - Throws: `credentials.invalid` when there is no such user.
    package func grant(_ role: Member.Role, to email: String) async throws {
        guard try await Self.grant(role, to: email, on: arena.engine) else { throw ArenaError.badCredentials }
    }

    /// The same where nobody can sign in: a command needs no secret.
    /// - Returns: false when there is no such user.
    package static func grant(_ role: Member.Role, to email: String, on engine: Engine) async throws -> Bool {
        try await engine.database.transaction { transaction in
            try transaction.execute("update users set role = \(role) where email = \(email.lowercased())")
        } == 1
    }

    func signedIn(
        _ user: UserID, _ session: SessionID, _ refresh: String, at now: Timestamp
    ) async throws -> SignedIn {
        SignedIn(
            userID: user, token: try await arena.tokens.issue(user, session, at: now),
            expiresInSeconds: Int(arena.settings.accessTokenLife.components.seconds), refreshToken: refresh)
    }

    private struct Known: RowDecodable, Sendable {
        let id: UserID
        let passwordHash: String
        let status: String
        init(_ row: borrowing Row) throws {
            id = try row[0]
            passwordHash = try row[1]
            status = try row[2]
        }
    }
}

extension ArenaError {
    static let badCredentials = ArenaError(
        .credentialsInvalid, "The e-mail address or the password is wrong.",
        hint: "Check both; whether an address is registered is not told.")
    static let emailTaken = ArenaError(
        .emailTaken, "There is an account with this e-mail address.", hint: "Sign in, or use another address.")
}
