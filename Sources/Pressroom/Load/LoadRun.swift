import Blog
import Engine
import Foundation
import Logging
import Outbound
import Sandbox
import Simulation

/// Plays one ``Scenario`` on real processes and looks at it from outside: by the sandbox's log and the server's answers.
struct LoadRun: Sendable {
    let scenario: Scenario
    /// How many times faster than life.
    let speed: Double
    let cluster: LoadCluster
    let client: LoadClient
    let submissions: LoadSubmissions
    /// The sandbox's log.
    let calls: @Sendable () -> [CallRecord]
    let say: @Sendable (String) -> Void

    /// Single blogs, one after the other, by which the system's own pace is known.
    static let idleBlogs = 5
    static func idleSite(_ index: Int) -> String { "idle-\(index)" }

    func play() async throws -> (LoadReport, Outcome) {
        let wall = Surroundings.clock.now
        say("\(Self.idleBlogs) single blogs on the idle system")
        let idleWait = try await idle()
        say("\(scenario.blogs) submissions")
        let begin = Surroundings.milliseconds()
        let sent = try await submissions.send(scenario.demand)
        let history = LoadHistory(scenario: scenario, speed: speed, begin: begin)
        say("\(sent.accepted.count) accepted in \(Int(sent.seconds * 1000)) ms, \(sent.refused) refused; now written")
        let (late, estimates) = try await meanwhile(history)
        let generations = try await read(sent.accepted + late)
        let stored = try await count()
        let outcome = history.outcome(generations, calls: calls(), estimates: estimates)
        let figures = outcome.report(idleWait: idleWait, wall: Surroundings.clock.now - wall)
        return (report(sent, stored: stored - Self.idleBlogs, figures), outcome)
    }

    /// The submissions alone.
    func submit() async throws -> LoadReport {
        say("\(scenario.blogs) submissions")
        let sent = try await submissions.send(scenario.demand)
        try cluster.check()
        return report(sent, stored: try await count(), nil)
    }

    private func report(_ sent: LoadSubmissions.Result, stored: Int, _ figures: SimulationReport?) -> LoadReport {
        LoadReport(
            figures: figures,
            submissions: LoadReport.Submissions(
                sent: sent.sent, accepted: sent.accepted.count, refused: sent.refused, stored: stored,
                seconds: sent.seconds, p50Milliseconds: Percentile.of(sent.milliseconds, 0.5),
                p99Milliseconds: Percentile.of(sent.milliseconds, 0.99)), memoryPeakBytes: cluster.memoryPeak)
    }

    /// - Returns: what a blog waits between its calls when it has the system to itself, in the sandbox's pace.
    private func idle() async throws -> Duration {
        var generations: [LoadedGeneration] = []
        let begin = Surroundings.milliseconds()
        for index in 0..<Self.idleBlogs {
            let site = Self.idleSite(index)
            guard case (.accepted(let id), _) = try await submissions.submit("idle topic \(index)", for: site) else {
                throw CommandError("load.refused", "The idle server refuses work.", status: .unavailable)
            }
            try await untilOver()
            generations += try await read([id])
        }
        return LoadHistory(scenario: scenario, speed: speed, begin: begin)
            .outcome(generations, calls: [], estimates: [:]).meanWait
    }

    private typealias Estimates = [JobID: Outcome.Estimate]

    /// Asks for everybody's estimate, submits the late ones in their time, lets go wrong what should, until all is over.
    private func meanwhile(_ history: LoadHistory) async throws -> (late: [JobID], Estimates) {
        try await cluster.watching {
            try await withThrowingTaskGroup(of: (late: [JobID], Estimates)?.self) { group in
                group.addTask {
                    try await trouble(since: history.begin)
                    return nil
                }
                group.addTask {
                    async let estimates = estimates(history)
                    async let late = submitLate(history)
                    let (all, (ids, own)) = try await (estimates, late)
                    try await untilOver()
                    return (ids, all.merging(own) { $1 })
                }
                defer { group.cancelAll() }
                while let ended = try await group.next() { if let ended { return ended } }
                throw CancellationError()
            }
        }
    }

    private func estimates(_ history: LoadHistory) async throws -> Estimates {
        var estimates: Estimates = [:]
        try await eachPage { items in
            let now = Surroundings.milliseconds()
            for item in items { estimates[item.id] = item.eta.flatMap { history.estimate($0, at: now) } }
        }
        return estimates
    }

    private func submitLate(_ history: LoadHistory) async throws -> ([JobID], Estimates) {
        var ids: [JobID] = []
        var estimates: Estimates = [:]
        for (index, time) in scenario.lateTimes.enumerated() {
            try await sleep(until: time, since: history.begin)
            guard case (.accepted(let id), _) = try await submissions.submit("late topic", for: Scenario.late(index))
            else { continue }  // The report tells that it is missing.
            let now = Surroundings.milliseconds()
            ids.append(id)
            estimates[id] = try await client.generation(id).eta.flatMap { history.estimate($0, at: now) }
        }
        return (ids, estimates)
    }

    private func trouble(since begin: Double) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if scenario.pausesFirstSite {
                group.addTask {
                    try await sleep(until: Scenario.pauseFrom, since: begin)
                    try await cluster.run(["tenants", "pause", Scenario.site(0)])
                    try await sleep(until: Scenario.pauseTo, since: begin)
                    try await cluster.run(["tenants", "resume", Scenario.site(0)])
                }
            }
            if let pause = scenario.killEvery {
                group.addTask {
                    var chance = SystemRandomNumberGenerator()
                    while true {
                        try await Surroundings.clock.sleep(for: pause / speed)
                        try await cluster.killWorker(&chance, restartAfter: Scenario.restartDelay / speed)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func sleep(until time: Duration, since begin: Double) async throws {
        let left = time / speed - .milliseconds(Surroundings.milliseconds() - begin)
        if left > .zero { try await Surroundings.clock.sleep(for: left) }
    }

    /// - Throws: ``CommandError`` `load.stuck` when it takes longer than the scenario's patience.
    private func untilOver() async throws {
        let deadline = Surroundings.clock.now + scenario.patience / speed
        let open = GenerationStatus.allCases.filter { !$0.hasEnded }
        while try await !client.page(after: nil, statuses: open, limit: 1).items.isEmpty {
            guard Surroundings.clock.now < deadline else {
                throw CommandError("load.stuck", "Some blogs do not end.", status: .software)
            }
            try await Surroundings.clock.sleep(for: .milliseconds(200))
        }
    }

    private func read(_ ids: [JobID]) async throws -> [LoadedGeneration] {
        try await ids.concurrentMap(atOnce: 8) { try await client.generation($0) }.sorted { $0.id < $1.id }
    }

    /// Generations that the server has.
    private func count() async throws -> Int {
        var count = 0
        try await eachPage { count += $0.count }
        return count
    }

    private func eachPage(_ body: ([GenerationSummary]) -> Void) async throws {
        var cursor: String?
        repeat {
            let page = try await client.page(after: cursor)
            body(page.items)
            cursor = page.nextCursor
        } while cursor != nil
    }
}
