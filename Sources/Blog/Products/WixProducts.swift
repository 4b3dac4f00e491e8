import Engine
import ProductKit
import Publishers

/// Products of Wix stores; for other sites, and for what is in it, a catalogue of our own.
package struct WixProducts: ProductSource {
    private let catalogue: any ProductSource
    private let app: @Sendable (String) async throws -> WixPublishers?

    /// - Parameters:
    ///   - catalogue: asked first.
    ///   - app: the app that opens a site, by the site's id; nil when its posts do not go to Wix.
    package init(
        besides catalogue: any ProductSource, app: @escaping @Sendable (String) async throws -> WixPublishers?
    ) {
        self.catalogue = catalogue
        self.app = app
    }

    package func product(_ id: String, of site: String, deadline: Duration) async throws -> Product {
        do {
            return try await catalogue.product(id, of: site, deadline: deadline)
        } catch let missing as StepFailure where missing.code == "product.not_found" {
            guard let wix = try await app(site) else { throw missing }
            guard let found = try await wix.product(id, instance: site, deadline: deadline) else {
                throw StepFailure(
                    code: "product.not_found", message: "The Wix store has no product with this id.",
                    hint: "Check sourceId, and that the store is installed; then retry.", retry: .never)
            }
            return Product(found)
        }
    }
}

extension Product {
    /// What a store says is not ours: each text is cut to what a catalogue may hold.
    fileprivate init(_ product: WixProduct) {
        func cut(_ text: String?, _ length: Int) -> String? { text.map { TextRules.oneLine($0, max: length) } }
        self.init(
            id: product.id, title: cut(product.name, 200) ?? "",
            description: String(product.description.prefix(5_000)), price: cut(product.price, 60),
            facts: product.facts.prefix(30).compactMap { cut($0, 300) }, url: cut(product.url, 1_000),
            image: cut(product.image, 1_000))
    }
}
