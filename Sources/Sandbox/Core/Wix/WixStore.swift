/// A simulated store: three products, in the older or the newer catalogue.
///
/// A site whose id holds `v1` has the older one, `nostore` none, every other the newer.
enum WixStore {
    enum Catalogue: String {
        case first = "V1_CATALOG"
        case third = "V3_CATALOG"
        case none = "STORES_NOT_INSTALLED"
    }

    private static let products: [(id: String, name: String, text: String, price: Int)] = [
        ("kettle", "Enamel kettle", "<p>Two litres of <b>enamelled steel</b>, with a wooden handle.</p>", 49),
        ("linen-apron", "Linen apron", "<p>Washed linen &amp; brass rings; it grows softer.</p>", 38),
        ("rye-starter", "Rye starter", "<ul><li>Alive since 1987</li><li>Feeds on rye flour</li></ul>", 12),
    ]

    static func catalogue(of instance: String) -> Catalogue {
        instance.contains("nostore") ? .none : instance.contains("v1") ? .first : .third
    }

    /// What the newer catalogue tells of a product when it is asked for it by name.
    private static let fields: Set<String> = [
        "URL", "CURRENCY", "INFO_SECTION", "INFO_SECTION_DESCRIPTION", "INFO_SECTION_PLAIN_DESCRIPTION",
        "MERCHANT_DATA", "DESCRIPTION", "PLAIN_DESCRIPTION", "MEDIA_ITEMS_INFO", "THUMBNAIL",
        "DIRECT_CATEGORIES_INFO", "DIRECT_CATEGORY_IDS", "ALL_CATEGORIES_INFO", "BREADCRUMBS_INFO",
        "MIN_PRICE_VARIANT", "SUBSCRIPTION_PRICES_INFO", "WEIGHT_MEASUREMENT_UNIT_INFO",
        "VARIANT_OPTION_CHOICE_NAMES", "PRODUCT_CHOICES_MEDIA_REFERENCES",
    ]

    /// - Parameter wanted: names of ``fields``; of the newer catalogue only.
    /// - Throws: 428 for the wrong catalogue, 404 for a product that is not there, 400 for a field that is not there.
    static func product(
        _ id: String, of instance: String, as asked: Catalogue, fields wanted: Set<String> = [], baseURL: String
    ) throws(WixProblem) -> JSONValue {
        if let strange = wanted.subtracting(fields).min() {
            throw .invalid("fields", "\(strange.prefix(40)) is no field", rule: "INVALID_ENUM")
        }
        guard catalogue(of: instance) == asked else {
            throw WixProblem(status: 428, "the site has another catalogue", code: "WRONG_CATALOG_VERSION")
        }
        guard let product = products.first(where: { $0.id == id }) else { throw .notFound }
        let page = "\(baseURL)/wix/sites/\(instance)"
        switch asked {
        case .first:
            return [
                "product": [
                    "id": .string(product.id), "name": .string(product.name), "slug": .string(product.id),
                    "description": .string(product.text), "visible": true, "brand": "Sandbox",
                    "priceData": [
                        "currency": "EUR", "price": .int(product.price),
                        "formatted": ["price": .string("\(product.price),00 €")],
                    ],
                    "additionalInfoSections": [["title": "Care", "description": "<p>By hand.</p>"]],
                    "media": ["mainMedia": ["image": ["url": .string("\(page)/\(product.id).png")]]],
                    "productPageUrl": ["base": .string(page), "path": .string("/product-page/\(product.id)")],
                ]
            ]
        default:
            return ["product": .object(third(product, fields: wanted, page: page))]
        }
    }

    /// Without what was not asked for.
    private static func third(
        _ product: (id: String, name: String, text: String, price: Int), fields wanted: Set<String>, page: String
    ) -> JSONObject {
        var told = JSONObject([
            ("id", .string(product.id)), ("revision", "1"), ("name", .string(product.name)),
            ("slug", .string(product.id)), ("visible", true), ("brand", ["id": "b1", "name": "Sandbox"]),
            ("actualPriceRange", ["minValue": ["amount": .string("\(product.price).00")]]),
            ("media", ["main": ["image": ["url": .string("\(page)/\(product.id).png")]]]),
        ])
        if wanted.contains("CURRENCY") { told["currency"] = "EUR" }
        if wanted.contains("PLAIN_DESCRIPTION") { told["plainDescription"] = .string(product.text) }
        if wanted.contains("URL") {
            let path = "/product-page/\(product.id)"
            let parts: JSONValue = ["relativePath": .string(path), "url": .string(page + path)]
            // Both forms have been seen.
            told["url"] = product.id == "rye-starter" ? JSONValue.string(page + path) : parts
        }
        return told
    }
}
