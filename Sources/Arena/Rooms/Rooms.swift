import Database

/// A place for posts about one interest.
package struct Room: Sendable, Encodable, Equatable {
    package let id: RoomID
    package let slug: String
    package let name: String
    package let description: String
    package let language: String
    package let isArchived: Bool
}

extension Room: RowDecodable {
    static let columns: SQL = "id, slug, name, description, language, is_archived"

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        slug = try row[1]
        name = try row[2]
        description = try row[3]
        language = try row[4]
        isArchived = try row[5]
    }

    /// - Parameter name: an id or a slug.
    /// - Throws: `room.not_found`.
    static func require(_ name: String, in transaction: borrowing Transaction) throws -> Room {
        let room: Room? = try transaction.one(
            "select \(columns) from rooms where id = \(name.lowercased()) or slug = \(name.lowercased())")
        guard let room else {
            throw ArenaError(.roomNotFound, "There is no such room.", hint: "GET /rooms lists them.")
        }
        return room
    }

    /// - Throws: `room.archived`.
    func requireOpen() throws {
        guard !isArchived else {
            throw ArenaError(.roomArchived, "This room is archived; it can only be read.")
        }
    }
}

package struct Rooms: Sendable {
    let arena: Arena

    /// All rooms, oldest first; at most 500.
    package func list() async throws -> [Room] {
        try await arena.read { transaction in
            try transaction.all("select \(Room.columns) from rooms order by created_at, id limit 500")
        }
    }

    /// - Parameter name: an id or a slug.
    /// - Throws: `room.not_found`.
    package func find(_ name: String) async throws -> Room {
        try await arena.read { transaction in try Room.require(name, in: transaction) }
    }
}
