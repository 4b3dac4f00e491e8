import ArgumentParser
import Database
import Engine

struct Pools: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The quotas that all jobs share: what is used, what was learned, and pausing them.",
        discussion: """
            A pool whose provider refuses every call, for want of credit, for a key or model that it does not take, or \
            because a day's limit is used up, stops by itself and is not asked again: mend the account or the setting, \
            then `pressroom pools resume NAME`. A day's limit ends with the day.
            """,
        subcommands: [List.self, Pause.self, Resume.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what each pool is doing.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await Jobs.with(common) { installation in
                let pools = try await installation.engine.poolStatus().map(PoolReport.init)
                if common.json { return JSONReport.print(["pools": pools]) }
                let rows = pools.map { [$0.name, "\($0.queue)", "\($0.running)", $0.requests, $0.cost, $0.state] }
                TextReport.print(
                    TextReport.table([["POOL", "QUEUE", "RUNNING", "REQUESTS/MIN", "COST/MIN", "STATE"]] + rows))
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let nothing new start in a pool.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The pool's name, as `pressroom pools` shows it.") var name: String

        func run() async throws {
            try await Jobs.with(common) { installation in
                let engine = installation.engine
                try await engine.database.transaction { try engine.hold(PoolName(rawValue: name), in: $0) }
                if common.json { return JSONReport.print(["pool": name, "state": "paused"]) }
                TextReport.print("\(name) is paused; what runs is finished.")
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a pool go on that was paused, or stopped because its provider refuses every call.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The pool's name, as `pressroom pools` shows it.") var name: String

        func run() async throws {
            try await Jobs.with(common) { installation in
                let engine = installation.engine
                try await engine.transaction { transaction, wakes in
                    try engine.resume(PoolName(rawValue: name), in: transaction, waking: wakes)
                }
                if common.json { return JSONReport.print(["pool": name, "state": "open"]) }
                TextReport.print("\(name) goes on.")
            }
        }
    }

    /// A pool as a line, and as JSON.
    private struct PoolReport: Encodable {
        let name: String
        let queue: Int
        let running: Int
        let requests: String
        let cost: String
        let reserved: Double
        let pace: Double
        let state: String

        init(_ pool: PoolStatus) {
            name = pool.name.rawValue
            queue = pool.queueLength
            running = pool.running
            requests = Self.use(Double(pool.requestsInLastMinute), of: pool.requestsPerMinuteMax)
            cost = Self.use(pool.costInLastMinute, of: pool.costPerMinuteMax)
            reserved = pool.reservedCost
            pace = pool.learned.pace
            state = pool.stateText
        }

        private static func use(_ used: Double, of most: Double?) -> String {
            most.map { "\(Int(used)) of \(Int($0))" } ?? "\(Int(used))"
        }
    }
}
