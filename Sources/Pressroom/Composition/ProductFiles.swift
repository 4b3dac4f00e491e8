import Blog
import Foundation

/// Products from JSON files: what product-based requests name until a site's own store is connected.
enum ProductFiles {
    /// Every `*.json` in the folder that PRESSROOM_PRODUCTS names, `Examples/products` by default; none is no error.
    static func catalogue() throws -> ProductCatalogue {
        try catalogue(in: Surroundings.environment["PRESSROOM_PRODUCTS"] ?? "Examples/products")
    }

    static func catalogue(in folder: String) throws -> ProductCatalogue {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []  // No folder, no products.
        return ProductCatalogue(
            try names.filter { $0.hasSuffix(".json") }.sorted().flatMap { try products(at: "\(folder)/\($0)") })
    }

    static func products(at path: String) throws -> [Product] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(
                "product.file_missing", "There is no readable file \(path).",
                hint: "Give a JSON file with id, title, description and facts, such as those in Examples/products.",
                status: .noInput)
        }
        do {
            return try ProductCatalogue(json: data).products
        } catch {
            throw CommandError(error.code.rawValue, "\(path): \(error.message)", hint: error.hint, status: .data)
        }
    }
}
