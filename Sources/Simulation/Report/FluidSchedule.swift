import Sandbox

/// How the same blogs would be made if work could be divided at will: at every moment each site gets its max-min share of
/// what all the limits let through, and what its own limit keeps it from using goes to the others.
///
/// No schedule that shares so can be done much earlier, and it knows neither calls nor their durations.
struct FluidSchedule {
    private struct Site {
        let weight: Double
        /// Blogs still to be made.
        var left: Double
        let isLate: Bool
    }
    private let scenario: Scenario
    /// Blogs a minute, over all sites and for each.
    private let rate: Double
    private let siteRate: Double

    /// - Parameter tokensPerBlog: as they really were.
    init(_ scenario: Scenario, tokensPerBlog: Double) {
        self.scenario = scenario
        let sandbox = scenario.sandbox
        let paintingMinutes = sandbox.latencies.image.mean / .seconds(60)
        rate =
            [
                Double(sandbox.tokensPerMinute) / max(1, tokensPerBlog), Double(sandbox.requestsPerMinute) / 2,
                Double(sandbox.imageRequestsPerMinute),
                scenario.imageSlots.map { Double($0) / paintingMinutes } ?? .infinity,
            ].min() ?? 0
        siteRate = Double(scenario.siteCallsPerMinute) / Double(scenario.siteCalls)
    }

    /// When the last blog of the start is done.
    var makespan: Duration {
        var sites: [String: Site] = [:]
        for (name, blogs) in scenario.demand {
            sites[name] = Site(weight: scenario.weight(of: name), left: Double(blogs), isLate: false)
        }
        var arrivals = scenario.lateTimes.enumerated().map { (at: $1 / .seconds(60), name: Scenario.late($0)) }[...]
        var minute = 0.0
        while sites.values.contains(where: { !$0.isLate && $0.left > 0 }) {
            while let next = arrivals.first, next.at <= minute {
                sites[next.name] = Site(weight: 1, left: 1, isLate: true)
                arrivals.removeFirst()
            }
            let shares = shares(of: sites)
            let untilDone = shares.compactMap { name, share in share > 0 ? (sites[name]?.left ?? 0) / share : nil }
                .min()
            let untilNext = arrivals.first.map { $0.at - minute }
            guard let step = [untilDone, untilNext].compactMap(\.self).min() else { break }
            for (name, share) in shares { sites[name]?.left -= share * step }
            // What is left of a fraction is nothing.
            sites = sites.filter { $0.value.left > 1e-9 }
            minute += step
        }
        return .seconds(60 * minute)
    }

    private func shares(of sites: [String: Site]) -> [String: Double] {
        Fairness.maxMinShares(sites.mapValues { _ in siteRate }, weights: { sites[$0]?.weight ?? 1 }, of: rate)
    }
}
