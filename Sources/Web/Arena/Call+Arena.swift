import Arena
import HTTPTypes
import NIOCore

extension Call {
    /// Bodies of people's requests are small.
    private static let arenaBodyBytesMax = 64 * 1024

    /// The JSON body of a request; it may be empty.
    func arenaBytes() throws -> [UInt8] {
        let bytes = try jsonBytes()
        guard bytes.count <= Self.arenaBodyBytesMax else {
            throw Problem.bodyTooLarge(bytesMax: Self.arenaBodyBytesMax)
        }
        return bytes
    }

    /// An id in the path. A malformed one is treated like one that does not exist.
    func id<ID: ArenaIdentifier>(_ name: String = "id", or code: ArenaError.Code) throws -> ID {
        guard let id = ID(parameter(name)) else {
            throw ArenaError(code, "There is no such thing.", hint: "Check the id.")
        }
        return id
    }

    /// `?limit` (1–100) and `?cursor`.
    func page(limit standard: Int = 20) throws -> PageRequest {
        PageRequest(limit: try query("limit", in: 1...100, default: standard), cursor: given("cursor"))
    }
}
