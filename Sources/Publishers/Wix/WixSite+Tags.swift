import HTTPTypes
import Outbound
import Synchronization

/// Tags, which posts name by their ids.
extension WixSite {
    private struct Tag: Decodable {
        let id: String
        let label: String
    }
    private struct Tags: Decodable { let tags: [Tag]? }
    private struct Created: Decodable { let tag: Tag }

    private static let labelLengthMax = 50
    private static let pageSize = 500
    private static let pagesMax = 4

    /// In order, each once; made where they are missing. One that Wix does not take is left out: a post can do without.
    func tagIDs(of labels: [String], language: String, until deadline: WixDeadline) async throws -> [String] {
        let labels = labels.filter { (1...Self.labelLengthMax).contains($0.utf16.count) }
        guard !labels.isEmpty else { return [] }
        var tags = try await knownTags(until: deadline)
        for label in labels where tags[label.lowercased()] == nil {
            do {
                let made = try await call(
                    .post, "blog/v3/tags",
                    body: .object([("label", .string(label)), ("language", .string(language))]), as: Created.self,
                    until: deadline
                ).tag
                tags[label.lowercased()] = made.id
                known.withLock { $0.tags?[label.lowercased()] = made.id }
            } catch let error as PublisherError where error.retry != .never && error.code == .unreachable {
                // It exists by now, 409; or the answer was lost.
                known.withLock { $0.tags = nil }
                tags = try await knownTags(until: deadline)
                // One that is written almost alike is as good as there, but cannot be told by its label.
                guard tags[label.lowercased()] != nil || error.cause is WixFailure.Conflict else { throw error }
            } catch let error as PublisherError where error.code == .invalidPost {
                continue
            }
        }
        var ids: [String] = []
        for id in labels.compactMap({ tags[$0.lowercased()] }) where !ids.contains(id) { ids.append(id) }
        return ids
    }

    private func knownTags(until deadline: WixDeadline) async throws -> [String: String] {
        if let tags = known.withLock(\.tags) { return tags }
        var found: [Tag] = []
        for page in 0..<Self.pagesMax {
            let query = "paging.limit=\(Self.pageSize)&paging.offset=\(page * Self.pageSize)"
            let tags = try await call(.get, "blog/v3/tags", query: query, as: Tags.self, until: deadline).tags ?? []
            found += tags
            if tags.count < Self.pageSize { break }
        }
        let tags = Dictionary(found.map { ($0.label.lowercased(), $0.id) }) { first, _ in first }
        known.withLock { $0.tags = tags }
        return tags
    }
}
