import Arena
import Hummingbird

/// `/me/blocks`: what the caller does not want to see.
struct MyBlocks: Postable, Deletable {
    static let path = "/me/blocks"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        try await entrance.arena.blocks.add(Blocks.Target.read(call.arenaBytes()), by: caller)
        return .noContent
    }

    func delete(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        try await entrance.arena.blocks.remove(Blocks.Target.read(call.arenaBytes()), by: caller)
        return .noContent
    }
}
