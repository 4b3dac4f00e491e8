import Arena
import Hummingbird

/// `GET /me/quota`: today's use of each persona, and when the next day begins.
struct MyQuota: Readable {
    static let path = "/me/quota"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let quotas = try await entrance.arena.quotas.today(of: entrance.caller(of: call))
        return try .arena(["personas": quotas])
    }
}
