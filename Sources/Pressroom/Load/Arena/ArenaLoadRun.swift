import Arena
import HTTPTypes
import Outbound
import Sandbox
import Synchronization

/// Plays the parts of an ``ArenaLoad``, one after the other.
struct ArenaLoadRun: Sendable {
    let plan: ArenaLoad
    let crowd: ArenaCrowd
    let cluster: LoadCluster
    let client: ArenaClient
    /// The sandbox's log.
    let calls: @Sendable () -> [CallRecord]

    private static let look = Duration.milliseconds(500)
    /// Longer than a server keeps its figures, so that two looks are two readings.
    private static let rest = Duration.seconds(3)
    private static let drainPatience = Duration.seconds(1_800)

    func play() async throws -> ArenaLoadReport {
        var report = ArenaLoadReport()
        if plan.parts.contains(.replies) { report.replies = try await replies() }
        if plan.parts.contains(.reads) { report.reads = try await reads() }
        if plan.parts.contains(.limits) { report.limits = try await limits() }
        try cluster.check()
        report.memoryPeakBytes = cluster.memoryPeak
        return report
    }

    // MARK: Replies

    /// Request after request asks one persona for a reply to one post; each pair once before any comes a second time.
    private func replies() async throws -> ArenaLoadReport.Replies {
        let count = Int(plan.replyRate * Double(plan.replySeconds))
        LoadProgress.say("\(count) requests for replies, \(Int(plan.replyRate)) a second")
        let before = try await client.metrics()
        let callsBefore = calls().count
        let asked = Mutex(Asked())
        let figures = try await PacedCalls(rate: plan.replyRate, count: count).run { number in
            let (status, outcome) = try await ask(number)
            asked.withLock {
                $0.enqueued += outcome.enqueued
                $0.skipped += outcome.skipped
            }
            return status
        }
        let (drain, drained) = try await drain()
        try await Surroundings.clock.sleep(for: Self.rest)
        let after = try await client.metrics()
        let repliers = try await crowd.posts.concurrentMap(atOnce: 8) { try await client.repliers(to: $0) }
        let total = asked.withLock { $0 }
        let made = calls().dropFirst(callsBefore)
        return ArenaLoadReport.Replies(
            calls: figures, enqueued: total.enqueued, skipped: total.skipped,
            stored: repliers.reduce(0) { $0 + $1.count },
            pairs: repliers.reduce(0) { $0 + Set($1).count },
            failed: after.jobsFailed - before.jobsFailed, retries: after.retries - before.retries,
            retriesAtRest: after.retries - drained.retries, underWayAtRest: after.jobsUnderWay,
            drainSeconds: drain / .seconds(1), providerCalls: made.count,
            refusedCalls: made.count { $0.refusedBy != nil })
    }

    private struct Asked: Decodable {
        var enqueued = 0
        var skipped = 0
    }

    private func ask(_ number: Int) async throws -> (status: Int, Asked) {
        let (round, place) = number.quotientAndRemainder(dividingBy: crowd.posts.count)
        let post = crowd.posts[place]
        // Each post meets the next persona in each round.
        let persona = crowd.personas[(place + round) % crowd.personas.count]
        let response = try await client.send(
            .post, "posts/\(post)/generate-replies", turn: number, token: persona.token,
            body: ["persona_ids": [persona.id.rawValue]])
        guard response.status == 202 else { return (response.status, Asked()) }
        return (202, try response.value(status: 202))
    }

    /// Waits until nothing waits and nothing runs.
    ///
    /// - Throws: ``CommandError`` `load.stuck` when that takes too long.
    private func drain() async throws -> (Duration, MetricsReading) {
        let begin = Surroundings.clock.now
        while Surroundings.clock.now - begin < Self.drainPatience {
            let now = try await client.metrics()
            if now.jobsUnderWay == 0 { return (Surroundings.clock.now - begin, now) }
            try await Surroundings.clock.sleep(for: Self.look)
        }
        throw CommandError("load.stuck", "The queue does not drain.", status: .software)
    }

    // MARK: Reads

    private func reads() async throws -> [String: CallFigures] {
        var reads: [String: CallFigures] = [:]
        for (name, path, rate) in [
            ("profile", "p/\(crowd.profile)", plan.readRate), ("templates", "templates", plan.readRate),
            ("card", "b/\(crowd.battle)/card.png", plan.readRate * ArenaLoad.cardShare),
        ] {
            let count = Int(rate * Double(plan.readSeconds))
            LoadProgress.say("\(count) reads of /\(path), \(Int(rate)) a second")
            // What the first of all brings about, such as the reading of fonts, is not what is measured.
            for turn in 0..<plan.servers { _ = try await client.send(.get, path, turn: turn) }
            reads[name] = try await PacedCalls(rate: rate, count: count).run { number in
                try await client.send(.get, path, turn: number).status
            }
        }
        return reads
    }

    // MARK: Limits

    private func limits() async throws -> [ArenaLoadReport.Limit] {
        var limits: [ArenaLoadReport.Limit] = []
        for (index, share) in plan.mixes.enumerated() {
            LoadProgress.say("\(ArenaLoad.burst) requests of one address, \(share) % of them to the first server")
            let figures = try await PacedCalls(rate: ArenaLoad.burstRate, count: ArenaLoad.burst).run { number in
                // 37 is prime to 100, so that a hundred requests in a row are spread evenly.
                let turn = number * 37 % 100 < share ? 0 : 1
                return try await client.send(.get, "templates", turn: turn, from: "203.0.113.\(index + 1)").status
            }
            limits.append(
                ArenaLoadReport.Limit(
                    firstServerPercent: share, limit: ArenaLoad.limit, admitted: figures.answered(200),
                    refused: figures.answered(429), calls: figures))
        }
        return limits
    }
}
