import HTTPTypes
import Outbound
import Synchronization

/// The site's products.
extension WixSite {
    /// A site has one of them; calls for the other are answered with 428.
    enum Catalogue: String, Decodable {
        case first = "V1_CATALOG"
        case third = "V3_CATALOG"
        case none = "STORES_NOT_INSTALLED"
    }
    private struct Version: Decodable { let catalogVersion: Catalogue }
    private struct First: Decodable { let product: WixProductV1 }
    private struct Third: Decodable { let product: WixProductV3 }

    /// - Throws: ``PublisherError``; `publisher.draft_missing` never: a product that is not there is nil.
    func product(_ id: String, until deadline: WixDeadline) async throws -> WixProduct? {
        let path = OutboundURL.escape(id)
        let remembered = known.withLock(\.catalogue)
        do {
            return try await product(at: path, in: try await catalogue(until: deadline), until: deadline)
        } catch let error as PublisherError where error.code == .unwritable {
            // The shop may have moved to the other catalogue since.
            known.withLock { $0.catalogue = nil }
            guard remembered != nil else { throw error }
            return try await product(at: path, in: try await catalogue(until: deadline), until: deadline)
        }
    }

    private func product(
        at path: String, in catalogue: Catalogue, until deadline: WixDeadline
    ) async throws -> WixProduct? {
        do {
            switch catalogue {
            case .first:
                return try await call(
                    .get, "stores-reader/v1/products/\(path)", about: .product, as: First.self, until: deadline
                ).product.product
            case .third:
                let fields = ["URL", "CURRENCY", "PLAIN_DESCRIPTION", "MEDIA_ITEMS_INFO"]
                return try await call(
                    .get, "stores/v3/products/\(path)", query: fields.map { "fields=\($0)" }.joined(separator: "&"),
                    about: .product, as: Third.self, until: deadline
                ).product.product
            case .none: return nil
            }
        } catch let error as PublisherError where error.code == .draftMissing {
            return nil
        }
    }

    private func catalogue(until deadline: WixDeadline) async throws -> Catalogue {
        if let catalogue = known.withLock(\.catalogue) { return catalogue }
        let found = try await call(
            .get, "stores/v3/provision/version", as: Version.self, until: deadline
        ).catalogVersion
        known.withLock { $0.catalogue = found }
        return found
    }
}
