import Database
import ProductKit

/// What somebody does not want to see.
package struct Blocks: Sendable {
    let arena: Arena

    package enum TargetKind: String, Sendable, CaseIterable, SQLEncodable { case user, persona, room }

    /// Repeatable.
    ///
    /// - Throws: `block.self`; `report.target_not_found`.
    package func add(_ target: Target, by caller: Member) async throws {
        guard !(target.kind == .user && target.id == caller.id.rawValue) else {
            throw ArenaError(.blockSelf, "You cannot block yourself.")
        }
        try await arena.write { transaction, _ in
            try target.requireExistence(in: transaction)
            let now = try transaction.instant()
            try transaction.execute(
                """
                insert into blocks (user_id, target_kind, target_id, created_at)
                values (\(caller.id), \(target.kind), \(target.id), \(timestamp: now.stored)) on conflict do nothing
                """)
        }
    }

    /// Repeatable.
    package func remove(_ target: Target, by caller: Member) async throws {
        try await arena.write { transaction, _ in
            _ = try transaction.execute(
                """
                delete from blocks
                 where user_id = \(caller.id) and target_kind = \(target.kind) and target_id = \(target.id)
                """)
        }
    }

    /// The condition that keeps blocked things out of a list of posts `o`.
    static func unblocked(by viewer: UserID?) -> SQL {
        guard let viewer else { return "" }
        return """
            and not exists (
                select 1 from blocks b
                 where b.user_id = \(viewer)
                   and ((b.target_kind = 'user' and b.target_id = o.user_id)
                     or (b.target_kind = 'persona' and b.target_id = o.persona_id)
                     or (b.target_kind = 'room' and b.target_id = o.room_id)))
            """
    }

    /// The same for replies `r`.
    static func unblockedReplies(by viewer: UserID?) -> SQL {
        guard let viewer else { return "" }
        return """
            and not exists (
                select 1 from blocks b
                 where b.user_id = \(viewer)
                   and ((b.target_kind = 'user' and b.target_id = r.user_id)
                     or (b.target_kind = 'persona' and b.target_id = r.persona_id)))
            """
    }

    /// Something that can be blocked.
    package struct Target: Sendable {
        package let kind: TargetKind
        package let id: String

        /// - Throws: `request.malformed`; `validation.failed`.
        package static func read(_ body: [UInt8]) throws -> Target {
            var reader = try FieldReader(body: body)
            let kind = reader.choice("target_kind", TargetKind.self)
            if !reader.mentions("target_kind") { reader.complain("target_kind", "is missing") }
            let id = reader.id("target_id", UserID.self)
            if !reader.mentions("target_id") { reader.complain("target_id", "is missing") }
            try reader.close()
            guard let kind, let id else { throw ArenaError.invalid([FieldProblem("target_id", "is missing")]) }
            return Target(kind: kind, id: id.rawValue)
        }

        func requireExistence(in transaction: borrowing Transaction) throws {
            let query: SQL =
                switch kind {
                case .user: "select 1 from users where id = \(id)"
                case .persona: "select 1 from personas where id = \(id)"
                case .room: "select 1 from rooms where id = \(id)"
                }
            guard try transaction.value(query, as: Int.self) != nil else {
                throw ArenaError(.reportTargetNotFound, "There is no such \(kind.rawValue).")
            }
        }
    }
}
