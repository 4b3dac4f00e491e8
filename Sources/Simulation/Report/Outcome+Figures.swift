import Sandbox

extension Outcome {
    /// - Parameters:
    ///   - idleWait: what a blog waits between its calls when it has the system to itself.
    ///   - wall: real time that the run took.
    package func report(idleWait: Duration, wall: Duration) -> SimulationReport {
        let (bulk, late) = (blogs.filter { !$0.isLate }, blogs.filter(\.isLate))
        let makespan = bulk.compactMap(\.ended).max().map { max($0, .milliseconds(1)) } ?? length
        let bound = bound(of: bulk)
        let small = bulk.filter { $0.site != Scenario.site(0) }.compactMap(\.time?.inSeconds)
        let slowdowns = late.compactMap { blog in blog.time.map { $0 / (blog.service(painting: painting) + idleWait) } }
        let errors = estimateErrors(makespan: makespan)
        return SimulationReport(
            blogs: blogs.count, done: blogs.count(where: \.isDone),
            failed: blogs.count { $0.ended != nil && !$0.isDone },
            makespanSeconds: makespan.inSeconds, boundSeconds: bound.inSeconds,
            ratio: bound > .zero ? makespan / bound : 0, quotaUse: quotaUse(over: makespan),
            refusals: refusals, worstWindow: worstWindow, jain25: jain(at: 0.25), jain50: jain(at: 0.5),
            smallP50Seconds: Percentile.of(small, 0.5), smallP95Seconds: Percentile.of(small, 0.95),
            smallP99Seconds: Percentile.of(small, 0.99),
            lateSlowdownMean: slowdowns.isEmpty ? 0 : slowdowns.reduce(0, +) / Double(slowdowns.count),
            lateSlowdownMax: slowdowns.max() ?? 0,
            ideaWaitP99Seconds: Percentile.of(late.compactMap(\.ideaWait?.inSeconds), 0.99),
            etaErrorMedian: Percentile.of(errors, 0.5), etaErrorP95: Percentile.of(errors, 0.95),
            workInProgressMax: workInProgressMax, wallSeconds: wall.inSeconds, historyHash: historyHash)
    }

    /// What late singles waited between their calls, on the average; of an idle run.
    package var meanWait: Duration {
        let waits = blogs.compactMap { blog in blog.time.map { $0 - blog.service(painting: nil) } }
        return waits.isEmpty ? .zero : waits.reduce(.zero, +) / waits.count
    }

    /// Where slots are few, the time of a picture that need not wait for one.
    private var painting: Duration? { scenario.imageSlots.map { _ in scenario.sandbox.latencies.image.mean } }

    /// The least time in which these blogs can be made: by the tokens and requests of the language model, by the image
    /// provider, and by the calls that the busiest site takes.
    func bound(of blogs: [Blog]) -> Duration {
        let tokens = Double(blogs.map(\.tokens).reduce(0, +))
        let texts = Double(blogs.flatMap(\.visits).count { $0.step == "ideas" || $0.step == "content" })
        let painting = Double(blogs.count) * scenario.sandbox.latencies.image.mean.inSeconds
        let busiest = Dictionary(grouping: blogs, by: \.site).map(\.value.count).max() ?? 0
        let minutes = [
            tokens / Double(scenario.sandbox.tokensPerMinute), texts / Double(scenario.sandbox.requestsPerMinute),
            Double(blogs.count) / Double(scenario.sandbox.imageRequestsPerMinute),
            scenario.imageSlots.map { painting / 60 / Double($0) } ?? 0,
            Double(busiest * scenario.siteCalls) / Double(scenario.siteCallsPerMinute),
        ]
        return .seconds(60 * (minutes.max() ?? 0))
    }

    private func quotaUse(over makespan: Duration) -> Double {
        let admitted = calls.filter { !$0.isRefused && $0.at <= makespan }
        let minutes = makespan / .seconds(60)
        return max(
            Double(admitted.map(\.tokens).reduce(0, +)) / minutes / Double(scenario.sandbox.tokensPerMinute),
            Double(admitted.count) / minutes / Double(scenario.sandbox.requestsPerMinute))
    }

    private var worstWindow: Double {
        var first = 0
        var (tokens, worstTokens, worstRequests) = (0, 0, 0)
        let admitted = calls.filter { !$0.isRefused }
        for (index, call) in admitted.enumerated() {
            tokens += call.tokens
            while admitted[first].at <= call.at - .seconds(60) {
                tokens -= admitted[first].tokens
                first += 1
            }
            worstTokens = max(worstTokens, tokens)
            worstRequests = max(worstRequests, index - first + 1)
        }
        return max(
            Double(worstTokens) / Double(scenario.sandbox.tokensPerMinute),
            Double(worstRequests) / Double(scenario.sandbox.requestsPerMinute))
    }

    /// Jain's index at the moment when this share of the blogs of the start was done.
    private func jain(at share: Double) -> Double {
        let ended = blogs.filter { !$0.isLate && $0.ended != nil }.sorted { ($0.ended!, $0.id) < ($1.ended!, $1.id) }
        let count = Int(share * Double(blogs.count { !$0.isLate }))
        guard count > 0, ended.count >= count else { return 0 }
        var served: [String: Double] = [:]
        for blog in ended.prefix(count) { served[blog.site, default: 0] += 1 }
        let wanted = Dictionary(uniqueKeysWithValues: scenario.demand.map { ($0.site, Double($0.blogs)) })
        let fair = Fairness.maxMinShares(wanted, weights: scenario.weight, of: Double(count))
        return Fairness.jain(served, fair: fair)
    }

    /// How far the middle of each expected range lay from what happened, as a share of the makespan.
    private func estimateErrors(makespan: Duration) -> [Double] {
        blogs.compactMap { blog in
            guard let estimate = blog.estimate, let ended = blog.ended else { return nil }
            let expected = (estimate.earliest + estimate.latest) / 2
            return abs((expected - ended) / makespan)
        }
    }

    private var workInProgressMax: Int {
        var changes: [(at: Duration, by: Int)] = []
        for case let (began, ended)? in blogs.map(\.span) {
            changes.append((began, 1))
            if let ended { changes.append((ended, -1)) }
        }
        var (now, most) = (0, 0)
        for change in changes.sorted(by: { ($0.at, $0.by) < ($1.at, $1.by) }) {
            now += change.by
            most = max(most, now)
        }
        return most
    }
}
