/// A product of a Wix store, whichever of its two catalogues has it.
package struct WixProduct: Sendable, Equatable {
    package var id: String
    package var name: String
    /// Plain text.
    package var description: String
    /// As shown to customers.
    package var price: String?
    /// Short statements: brand, options, what the shop adds.
    package var facts: [String]
    /// The product's page.
    package var url: String?
    /// The product's picture.
    package var image: String?
}

/// The older catalogue's form.
struct WixProductV1: Decodable {
    struct Price: Decodable {
        struct Formatted: Decodable {
            let price: String?
            let discountedPrice: String?
        }
        let currency: String?
        let price: Double?
        let formatted: Formatted?
    }
    struct Media: Decodable {
        struct Item: Decodable {
            struct Picture: Decodable { let url: String? }
            let image: Picture?
        }
        let mainMedia: Item?
    }
    struct Section: Decodable {
        let title: String?
        let description: String?
    }
    struct Address: Decodable {
        let base: String?
        let path: String?
    }
    let id: String
    let name: String
    let description: String?
    let priceData: Price?
    let media: Media?
    let brand: String?
    let additionalInfoSections: [Section]?
    let productPageUrl: Address?

    var product: WixProduct {
        let formatted = priceData?.formatted
        let price = formatted?.discountedPrice ?? formatted?.price
        let sections = (additionalInfoSections ?? []).compactMap { section -> String? in
            let text = HTMLText.plain(section.description ?? "")
            return text.isEmpty ? nil : [section.title, text].compactMap(\.self).joined(separator: ": ")
        }
        return WixProduct(
            id: id, name: name, description: HTMLText.plain(description ?? ""), price: price,
            facts: [brand.map { "Brand: \($0)" }].compactMap(\.self) + sections,
            url: productPageUrl.flatMap { page in page.base.map { $0 + (page.path ?? "") } },
            image: media?.mainMedia?.image?.url)
    }
}

/// The newer catalogue's form; money is text there.
struct WixProductV3: Decodable {
    struct Named: Decodable { let name: String? }
    struct Money: Decodable {
        let amount: String?
        let formattedAmount: String?
    }
    struct Range: Decodable { let minValue: Money? }
    struct Media: Decodable {
        struct Main: Decodable {
            struct Picture: Decodable { let url: String? }
            let url: String?
            let image: Picture?
        }
        let main: Main?
    }
    /// An object, or the address itself.
    struct Address: Decodable {
        let text: String?

        private enum CodingKeys: String, CodingKey { case url }

        init(from decoder: any Decoder) throws {
            // It is one of the two, or nothing that we can use.
            if let members = try? decoder.container(keyedBy: CodingKeys.self) {
                text = try? members.decodeIfPresent(String.self, forKey: .url)
            } else {
                text = try? decoder.singleValueContainer().decode(String.self)
            }
        }
    }
    let id: String
    let name: String
    let plainDescription: String?
    let actualPriceRange: Range?
    let currency: String?
    let media: Media?
    let brand: Named?
    let url: Address?

    var product: WixProduct {
        let money = actualPriceRange?.minValue
        let plain = money?.amount.map { [$0, currency].compactMap(\.self).joined(separator: " ") }
        return WixProduct(
            id: id, name: name, description: HTMLText.plain(plainDescription ?? ""),
            price: money?.formattedAmount ?? plain,
            facts: [brand?.name.map { "Brand: \($0)" }].compactMap(\.self), url: url?.text,
            image: media?.main?.image?.url ?? media?.main?.url)
    }
}
