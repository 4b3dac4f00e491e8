import Engine
import Foundation
import ProductKit
import Providers

/// Products from a JSON file: one product, a list of them, or `{"products": […]}`.
///
/// A product has `id` and `title`, and optionally `description`, `price`, `facts`, `url` and `image`.
package struct ProductCatalogue: ProductSource {
    package let products: [Product]

    package static let productsMax = 10_000

    package init(_ products: [Product] = []) { self.products = products }

    /// - Throws: `product.unreadable`, with every problem of the file.
    package init(json: some Sequence<UInt8>) throws(BlogError) {
        guard let json = JSON(json) else { throw Self.unreadable("is not valid JSON") }
        let entries = json["products"]?.array ?? json.array ?? [json]
        guard !entries.isEmpty else { throw Self.unreadable("holds no product") }
        guard entries.count <= Self.productsMax else {
            throw Self.unreadable("holds more than \(Self.productsMax) products")
        }
        var problems: [FieldProblem] = []
        products = entries.enumerated().compactMap { Self.product($1, at: $0, of: entries.count, &problems) }
        let twice = Dictionary(grouping: products, by: \.id).filter { $1.count > 1 }.keys.sorted()
        problems += twice.prefix(5).map { FieldProblem("id", "\($0) is given to two products") }
        guard problems.isEmpty else {
            throw Self.unreadable(problems.prefix(5).map(\.description).joined(separator: "; "), problems)
        }
    }

    package func product(_ id: String, of site: String, deadline: Duration) async throws -> Product {
        if let product = products.first(where: { $0.id == id }) { return product }
        throw StepFailure(
            code: "product.not_found", message: "The catalogue has no product with this id.",
            hint: "Check sourceId, or add the product to the catalogue and retry.", retry: .never)
    }

    private static func product(_ json: JSON, at index: Int, of count: Int, _ problems: inout [FieldProblem])
        -> Product?
    {
        let place = count == 1 ? "" : "products[\(index)]."
        guard let members = json.object else {
            problems.append(FieldProblem(place + "product", "must be an object"))
            return nil
        }
        var reader = FieldReader(members, prefix: place)
        let id = reader.text("id", length: GenerationRequest.Limit.source)
        let title = reader.text("title", length: 1...200)
        for field in ["id", "title"] where !reader.mentions(field) { reader.complain(field, "is missing") }
        let product = Product(
            id: id ?? "", title: title ?? "", description: reader.prose("description", lengthMax: 5_000) ?? "",
            price: reader.text("price", length: 0...60),
            facts: reader.list("facts", count: 0...30, length: 1...300) ?? [],
            url: reader.text("url", length: 0...1_000), image: reader.text("image", length: 0...1_000))
        // A shop's export has members of its own; they do no harm.
        problems += reader.problems
        return reader.problems.isEmpty ? product : nil
    }

    private static func unreadable(_ what: String, _ problems: [FieldProblem] = []) -> BlogError {
        BlogError(
            .productUnreadable, "The product file \(what).",
            hint:
                "Each product needs at least {\"id\": …, \"title\": …}; description, price, facts, url and image are optional.",
            problems: problems)
    }
}
