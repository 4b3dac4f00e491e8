import Arena
import HTTPTypes
import Limits

/// Finds out who calls: `Authorization: Bearer` with an access token, or nobody.
struct ArenaEntrance: Sendable {
    let arena: Arena
    /// Where calls come from.
    let addresses: ClientAddresses

    /// Somebody who is signed in.
    /// - Throws: `sign_in.required`; `token.invalid`.
    func caller(of call: Call) async throws -> Member {
        guard let caller = try await visitor(of: call) else {
            throw ArenaError(
                .signInRequired, "This is for people who are signed in.",
                hint: "Send Authorization: Bearer with the token from POST /auth/login.")
        }
        return caller
    }

    /// Somebody who is signed in, or nil without a token.
    /// - Throws: `token.invalid` for a token that opens nothing: it must not be taken for a stranger's call.
    func visitor(of call: Call) async throws -> Member? {
        guard let header = call.header(.authorization) else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw ArenaError.badToken }
        return try await arena.accounts.authenticate(String(parts[1]))
    }

    /// Who acts, signed in or not.
    func participant(of call: Call) async throws -> Participant {
        if let visitor = try await visitor(of: call) { return visitor.participant }
        return .anonymous(address: addresses.client(of: call).map { "\($0)" } ?? "unknown")
    }
}
