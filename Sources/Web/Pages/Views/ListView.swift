import Blog

/// The list with its tabs and its site filter.
struct ListView: Sendable {
    struct Tab: Sendable {
        let name: String
        let url: String
        let isChosen: Bool
        let count: String?
    }

    let heading: String
    let tabs: [Tab]
    let show: String?
    let sites: SiteChoice
    let chosenSite: String?
    let rows: [RowView]
    let emptyTitle: String
    let emptyText: String
    let nextURL: String?

    init(
        choice: ListChoice, rows: [RowView], nextCursor: String?, counts: [GenerationStatus: Int], sites: [Site]
    ) {
        let name = choice.site.flatMap { sites.names[$0] }
        heading = name.map { "Articles for \($0)" } ?? "Articles"
        tabs = Self.tabs(choice, counts)
        show = choice.show?.rawValue
        self.sites = SiteChoice(sites, chosen: choice.site, fewest: 2)
        chosenSite = choice.site
        self.rows = rows
        (emptyTitle, emptyText) = Self.empty(choice.show)
        nextURL = nextCursor.map { choice.url(show: choice.show, cursor: $0) }
    }

    private static func tabs(_ choice: ListChoice, _ counts: [GenerationStatus: Int]) -> [Tab] {
        let all = Tab(name: "All", url: choice.url(show: nil), isChosen: choice.show == nil, count: nil)
        return [all]
            + ListChoice.Show.allCases.map { show in
                let count = show.statuses.reduce(0) { $0 + (counts[$1] ?? 0) }
                return Tab(
                    name: show.name, url: choice.url(show: show), isChosen: choice.show == show,
                    count: count == 0 ? nil : "\(count)")
            }
    }

    private static func empty(_ show: ListChoice.Show?) -> (String, String) {
        switch show {
        case nil: ("No articles yet", "Ask for one with a keyword, and watch it being made here, stage by stage.")
        case .active: ("Nothing is in progress", "What is asked for next appears here until it is finished.")
        case .choice: ("Nothing waits for you", "When ideas are ready to be picked, they appear here.")
        case .done: ("Nothing is finished yet", "Finished articles appear here with a link to read them.")
        case .failed: ("Nothing has failed", "What fails or is cancelled appears here and can be tried again.")
        }
    }
}
