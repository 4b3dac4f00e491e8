import Database
import Logging

/// Durable jobs for many tenants on shared quotas: the one object that products and the command line hold.
///
/// Everything it does is a transaction on `database`; an `Engine` keeps no state that another process could miss. Open
/// it with ``open(_:)`` after the migrations have run.
public struct Engine: Sendable {
    public let database: any Database
    public let notifications: any Notifications
    public let logger: Logger
    public let incarnation: Incarnation
    let pools: PoolDirectory
    let workflows: WorkflowRegistry
    let lanes: LaneDirectory
    let hints: ClaimHints
    let laneMarks: LaneMarks
    let lanePlaces: LanePlaces
    let gauge: AdmissionGauge
    let estimates: EstimateMemory
    let ids: IdentifierSource
    let random: RandomSource
    let limits: EngineLimits
    let livingWorkers: (@Sendable () -> Set<Incarnation>)?

    /// A transaction whose effects wake the workers that they concern, after it has committed.
    ///
    /// - Throws: what the body throws, with nothing written.
    public func transaction<Result: Sendable>(
        _ body: @Sendable (borrowing Transaction, Wakes) throws -> Result
    ) async throws -> Result {
        let wakes = Wakes()
        defer { wakes.settle(committed: false) }
        let result = try await database.transaction { transaction in
            wakes.reset()  // A body that the database made us repeat starts from nothing.
            let result = try body(transaction, wakes)
            if notifications.travelWithCommits { wakes.travel(with: transaction) }
            return result
        }
        await announce(wakes)
        return result
    }

    /// Tells the workers of every process what a committed transaction has changed.
    package func announce(_ wakes: Wakes) async {
        wakes.settle(committed: true)
        for channel in wakes.drained() { await notifications.post(channel, "") }
    }
}

/// Bounds that keep one tenant or one mistake from taking the machine.
public struct EngineLimits: Sendable {
    /// Jobs not yet begun, over all tenants, before a submission is answered with
    /// ``EngineError/queueFull(size:retryAfter:)``.
    public var queueSizeMax: Int = 10_000
    /// A step whose worker died this often is set aside: it is what kills them. At least two.
    public var crashesMax: Int = 3
    /// A provider that is away longer than this is no excuse any more: failures cost attempts again, so that every job
    /// ends.
    public var outageMax: Duration = .seconds(86_400)
    /// How far ahead a start may be granted; nothing is leased while it waits longer. What is granted stays granted, so
    /// that whoever comes next waits as long behind a busy pool: at a second a reply of two took half as long again. A
    /// pool whose requests bind loses capacity once nobody claims for longer than this and the time between two starts.
    public var horizon: Duration = .milliseconds(250)
    /// Bytes of a job's input.
    public var inputBytesMax: Int = 256 * 1024
    public init() {}
}
