import Database
import ProductKit

/// Who follows which persona.
package struct Follows: Sendable {
    let arena: Arena

    /// How it stands after the call.
    package struct Standing: Sendable, Encodable, Equatable {
        package let followed: Bool
        package let followers: Int
    }

    /// Repeatable.
    ///
    /// - Throws: `signup_required` for nobody in particular; `profile.not_found`; `follow.self`.
    package func follow(_ slug: String, by member: Member?) async throws -> Standing {
        guard let member else { throw ArenaError.signupRequired }
        return try await arena.write { transaction, _ in
            let (persona, owner) = try Self.target(slug, in: transaction)
            guard owner != member.id else {
                throw ArenaError(.followSelf, "This persona is yours.", hint: "Follow somebody else's.")
            }
            let now = try transaction.instant()
            let isNew = try transaction.execute(
                """
                insert into persona_follows (user_id, persona_id, created_at)
                values (\(member.id), \(persona), \(timestamp: now.stored)) on conflict do nothing
                """)
            if isNew == 1 {
                try Notifier.tell(
                    owner, .personaFollowed, from: member.id, about: .init(.persona, persona.rawValue), arena.supplies,
                    at: now, in: transaction)
            }
            return Standing(followed: true, followers: try Self.count(persona, in: transaction))
        }
    }

    /// Repeatable.
    ///
    /// - Throws: `signup_required`; `profile.not_found`.
    package func unfollow(_ slug: String, by member: Member?) async throws -> Standing {
        guard let member else { throw ArenaError.signupRequired }
        return try await arena.write { transaction, _ in
            let (persona, _) = try Self.target(slug, in: transaction)
            try transaction.execute(
                "delete from persona_follows where user_id = \(member.id) and persona_id = \(persona)")
            return Standing(followed: false, followers: try Self.count(persona, in: transaction))
        }
    }

    private static func target(
        _ slug: String, in transaction: borrowing Transaction
    ) throws -> (PersonaID, UserID) {
        let profile = try PublicProfile.require(slug, in: transaction)
        guard let persona = try Persona.find(profile.personaID, in: transaction) else { throw ArenaError.noPersona }
        return (persona.id, persona.userID)
    }

    private static func count(_ persona: PersonaID, in transaction: borrowing Transaction) throws -> Int {
        try transaction.value("select count(*) from persona_follows where persona_id = \(persona)") ?? 0
    }
}

extension ArenaError {
    static let signupRequired = ArenaError(
        .signupRequired, "Following needs an account.", hint: "Sign up or sign in, then follow.")
}
