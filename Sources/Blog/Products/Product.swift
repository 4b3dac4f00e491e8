/// What an article about a product is told of it.
package struct Product: Sendable, Hashable, Codable, Identifiable {
    package var id: String
    package var title: String
    package var description: String
    /// As shown to customers, such as `24.00 EUR`.
    package var price: String?
    /// Short statements that must be right: materials, sizes, origin.
    package var facts: [String]
    /// The product's page.
    package var url: String?
    /// The product's picture.
    package var image: String?

    package init(
        id: String, title: String, description: String = "", price: String? = nil, facts: [String] = [],
        url: String? = nil, image: String? = nil
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.price = price
        self.facts = facts
        self.url = url
        self.image = image
    }
}
