import Blog

/// What every page needs: the generations, the sites, who may look, and how it is drawn.
struct PageKit: Sendable {
    let generations: BlogGenerations
    let sites: Sites
    let guardian: PageGuard
    let renderer: PageRenderer
    let output: OutputLinks
    let timing: Timing

    func row(_ summary: GenerationSummary, siteNames: [String: String]) -> RowView {
        RowView(summary, siteNames: siteNames, now: timing.now(), output: output)
    }
}

extension [Site] {
    var names: [String: String] {
        Dictionary(map { ($0.instanceID, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}
