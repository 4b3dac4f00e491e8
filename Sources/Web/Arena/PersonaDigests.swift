import Arena
import Hummingbird

/// `GET /personas/{id}/digest/today`: the day so far.
struct PersonaDigestToday: Readable {
    static let path = "/personas/{id}/digest/today"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(
            DigestAnswer(
                digest: await entrance.arena.digests.daily(call.id(or: .personaNotFound), today: true, of: caller)))
    }
}

/// `GET /personas/{id}/digest/latest`: the last whole day.
struct PersonaDigestLatest: Readable {
    static let path = "/personas/{id}/digest/latest"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(
            DigestAnswer(
                digest: await entrance.arena.digests.daily(call.id(or: .personaNotFound), today: false, of: caller)))
    }
}

/// `GET /digest/weekly`: what the caller has missed last week.
struct WeeklyDigestItem: Readable {
    static let path = "/digest/weekly"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        try .arena(DigestAnswer(digest: await entrance.arena.digests.weekly(of: entrance.caller(of: call))))
    }
}

private struct DigestAnswer<Digest: Encodable>: Encodable {
    let digest: Digest?
    let exists: Bool

    init(digest: Digest?) {
        self.digest = digest
        exists = digest != nil
    }
}
