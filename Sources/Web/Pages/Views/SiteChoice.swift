import Blog

/// The sites to choose from: a list while it is short, a field for the id when it would be thousands long.
struct SiteChoice: Sendable {
    static let listMax = 200

    let options: [SiteOption]
    let hasList: Bool
    let hasField: Bool
    let chosen: String?

    /// - Parameter fewest: below so many sites there is nothing to choose.
    init(_ sites: [Site], chosen: String?, fewest: Int) {
        self.chosen = chosen
        hasField = sites.count > Self.listMax
        hasList = !hasField && sites.count >= fewest
        options = hasList ? sites.map { SiteOption($0, chosen: chosen) } : []
    }
}

/// A site in a list to choose from.
struct SiteOption: Sendable {
    let id: String
    let name: String
    let isChosen: Bool

    init(_ site: Site, chosen: String?) {
        id = site.instanceID
        name = site.name
        isChosen = site.instanceID == chosen
    }
}
