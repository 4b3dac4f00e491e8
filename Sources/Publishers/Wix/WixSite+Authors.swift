import HTTPTypes
import Outbound
import Synchronization

/// Authors: a draft needs a member of the site as its owner.
extension WixSite {
    private struct Member: Decodable {
        struct Profile: Decodable { let nickname: String? }
        let id: String
        let loginEmail: String?
        let profile: Profile?
    }
    private struct Members: Decodable {
        let members: [Member]?
    }
    private struct Created: Decodable { let member: Member }

    private static let pageSize = 100
    private static let pagesMax = 20

    /// The member who bears the author's name, or our address for it; made when there is none.
    func member(named author: String, until deadline: WixDeadline) async throws -> String {
        if let id = known.withLock({ $0.members[author] }) { return id }
        let address = address(of: author)
        var id = try await find(author, address, until: deadline)
        if id == nil {
            do {
                id = try await create(author, address, until: deadline)
            } catch let error as PublisherError where error.code != .rateLimited {
                // Somebody else has just made it, or an answer was lost.
                id = try await find(author, address, until: deadline)
                if id == nil { throw error }
            }
        }
        guard let id else { throw WixFailure.unreadable }
        known.withLock { $0.members[author] = id }
        return id
    }

    /// Whether an author or tags are known from before.
    var remembersPeople: Bool { known.withLock { !$0.members.isEmpty || $0.tags != nil } }

    /// Forgets authors and tags, so that they are looked for anew, and files.
    func forgetPeople() {
        known.withLock { known in
            known.members = [:]
            known.tags = nil
            known.uploads = [:]
        }
    }

    private func find(_ author: String, _ address: String, until deadline: WixDeadline) async throws -> String? {
        for page in 0..<Self.pagesMax {
            let query = "fieldsets=FULL&paging.limit=\(Self.pageSize)&paging.offset=\(page * Self.pageSize)"
            let found =
                try await call(
                    .get, "members/v1/members", query: query, as: Members.self, until: deadline
                ).members ?? []
            if let own = found.first(where: { $0.loginEmail == address || $0.profile?.nickname == author }) {
                return own.id
            }
            if found.count < Self.pageSize { return nil }
        }
        return nil
    }

    private func create(_ author: String, _ address: String, until deadline: WixDeadline) async throws -> String {
        let member: JSONText = .object([
            ("loginEmail", .string(address)), ("profile", .object([("nickname", .string(author))])),
        ])
        return try await call(
            .post, "members/v1/members", body: .object([("member", member)]), as: Created.self, until: deadline
        ).member.id
    }

    /// Of the author on this site and on no other. Wix sends nothing to it.
    private func address(of author: String) -> String {
        "\(WixDraft.shortHash(of: "\(instance) \(author)"))@\(app.authorDomain)"
    }
}
