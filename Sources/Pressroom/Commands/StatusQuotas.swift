import ArgumentParser
import Engine

extension Status {
    struct Quotas: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Each pool's limits: what is used, reserved and learned, and how long its queue lasts.",
            discussion: """
                USED is the last minute's, RESERVED what is in flight by its estimates. TOLD is the limit that the \
                provider's answers name; it may lower what is configured, never raise it. DRAINS is how long what stands \
                in line takes at the present limits.
                """)
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await Jobs.with(common) { installation in
                let quotas = try await installation.engine.poolStatus().map(QuotaReport.init)
                if common.json { return JSONReport.print(["quotas": quotas]) }
                let header = [
                    "POOL", "REQUESTS/MIN", "USED", "COST/MIN", "USED", "RESERVED", "TOLD", "PLACES", "QUEUE", "DRAINS",
                    "STATE",
                ]
                TextReport.print(TextReport.table([header] + quotas.map(\.cells)))
                let lessons = quotas.flatMap(\.lessons)
                if !lessons.isEmpty { TextReport.print("\nlearned\n" + TextReport.table(lessons)) }
            }
        }
    }
}

private struct QuotaReport: Encodable {
    struct Limit: Encodable {
        let configured: Double?
        let told: Double?
        /// What counts.
        let perMinute: Double?
        let usedInLastMinute: Double
    }
    struct Estimate: Encodable {
        let kind: String
        let step: String
        let model: String
        let ratio: Double
        let samples: Int
    }
    let name: String
    let requests: Limit
    let cost: Limit
    let reservedCost: Double
    let places: Int?
    let placesTaken: Int
    let queueLength: Int
    let drainsInSeconds: Int?
    let pace: Double
    let state: String
    let estimates: [Estimate]

    init(_ pool: PoolStatus) {
        let learned = pool.learned
        name = pool.name.rawValue
        requests = Limit(
            configured: learned.requestsPerMinuteConfigured, told: learned.requestsPerMinuteTold,
            perMinute: pool.requestsPerMinuteMax, usedInLastMinute: Double(pool.requestsInLastMinute))
        cost = Limit(
            configured: learned.costPerMinuteConfigured, told: learned.costPerMinuteTold,
            perMinute: pool.costPerMinuteMax, usedInLastMinute: pool.costInLastMinute)
        reservedCost = pool.reservedCost
        places = pool.concurrency
        placesTaken = pool.placesTaken
        queueLength = pool.queueLength
        drainsInSeconds = pool.drainsIn.map { Int(($0 / .seconds(1)).rounded(.up)) }
        pace = learned.pace
        state = pool.stateText
        estimates = learned.estimates.map {
            Estimate(kind: $0.kind, step: $0.step, model: $0.model, ratio: $0.ratio, samples: $0.samples)
        }
    }

    var cells: [String] {
        [
            name, Self.text(requests.perMinute), Self.text(requests.usedInLastMinute), Self.text(cost.perMinute),
            Self.text(cost.usedInLastMinute), Self.text(reservedCost), Self.text(cost.told ?? requests.told),
            places.map { "\(placesTaken) of \($0)" } ?? "–", "\(queueLength)", drainsInSeconds.map { "\($0) s" } ?? "–",
            state,
        ]
    }

    var lessons: [[String]] {
        estimates.map {
            let percent = Int(($0.ratio * 100).rounded())
            return ["  \($0.kind) \($0.step)", $0.model, "costs \(percent) % of its estimate", "\($0.samples) calls"]
        }
    }

    private static func text(_ number: Double?) -> String { number.map { "\(Int($0.rounded()))" } ?? "–" }
}
