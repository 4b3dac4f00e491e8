import Arena
import Hummingbird

/// `/operations/{id}`: how work of the model stands; DELETE calls it off.
struct OperationItem: Readable, Deletable {
    static let path = "/operations/{id}"
    let entrance: ArenaEntrance

    func get(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(await entrance.arena.operations.find(call.id(or: .operationNotFound), of: caller))
    }

    func delete(_ call: Call) async throws -> Response {
        let caller = try await entrance.caller(of: call)
        return try .arena(await entrance.arena.operations.cancel(call.id(or: .operationNotFound), by: caller))
    }
}
