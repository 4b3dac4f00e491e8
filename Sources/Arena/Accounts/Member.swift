import Database
import Engine

/// Somebody who is signed in.
package struct Member: Sendable, Equatable {
    package let id: UserID
    package let tenant: TenantID
    package let role: Role
    package let timeZone: String
    package let session: SessionID

    /// What people may do; each may do what those before it may.
    package enum Role: String, Sendable, Codable, CaseIterable, Comparable, SQLDecodable, SQLEncodable {
        case user, moderator, admin

        package static func < (left: Self, right: Self) -> Bool {
            allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
        }
    }

    /// - Throws: `role.insufficient`.
    package func require(_ role: Role) throws {
        guard self.role >= role else {
            throw ArenaError(
                .roleInsufficient, "This is for people with the role \(role.rawValue).",
                hint: "Ask an administrator of this server.")
        }
    }
}

extension Member: RowDecodable {
    package init(_ row: borrowing Row) throws {
        id = try row[0]
        tenant = try row[1]
        role = try row[2]
        timeZone = try row[3]
        session = try row[4]
    }
}
