import Database
import DatabaseSQLite
import Engine
import Sandbox

/// A few jobs, three workers, and processes that are killed, stopped or cut off from the database where the seed says:
/// small, so that thousands of seeds can be played.
///
/// The oracle: every job succeeds; each of its steps is recorded once, in order, by the newest holder; of those whom nothing
/// befell only one makes each call; and in the end the books say what is.
package struct CrashScenario: Sendable {
    package var seed: UInt64
    package var jobs = 4
    package var workers = 3
    package var faults = 5
    /// Of all transactions, those that are lost before the commit, and as many after it.
    package var lostShare = 0.005
    /// A guard to take out of the engine, to see whether the oracle notices.
    package var mutation: Mutation?
    package var showsLog = false

    package init(seed: UInt64) { self.seed = seed }

    package struct Outcome: Sendable {
        package let violations: [String]
        package let historyHash: String
        package let kills: Int
        package let stops: Int
        package let cuts: Int
    }

    /// Virtual time in which faults befall, how long they last at most, and after which a job is given up.
    static let troubled = Duration.seconds(12)
    static let faultMost = Duration.seconds(15)
    static let patience = Duration.seconds(180)

    package func run() throws -> Outcome {
        let simulation = Simulation(seed: seed)
        func open() throws -> SQLiteConnection {
            try SQLiteConnection(
                SQLiteConfiguration(
                    path: SQLiteConfiguration.memory, now: { simulation.wallMilliseconds },
                    statementLimit: .seconds(3600)))
        }
        if let mutation { return try CrashRun(self, simulation, MutatedConnection(open(), mutation)).run() }
        return try CrashRun(self, simulation, open()).run()
    }
}
