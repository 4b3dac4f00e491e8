import Database
import Logging

/// Everything the engine takes from outside. Nothing in it reads a clock, the environment or chance of its own accord.
public struct EngineConfiguration: Sendable {
    public var database: any Database
    public var notifications: any Notifications
    public var workflows: [any Workflow]
    public var pools: [PoolDefinition]
    public var limits = EngineLimits()
    /// False for who only looks or lends a hand, such as an operator's command: the stored pools then keep the limits that
    /// the serving processes gave them, and only pools that are missing are made.
    public var changesPools = true
    /// The workers that live, for whoever knows that better than the database, such as a simulation. Nil asks the database
    /// (see ``Engine/absentWorkers()``).
    public var livingWorkers: (@Sendable () -> Set<Incarnation>)?
    public var random: RandomSource
    public var logger: Logger

    public init(
        database: any Database, notifications: any Notifications, workflows: [any Workflow], pools: [PoolDefinition],
        random: RandomSource, logger: Logger
    ) {
        self.database = database
        self.notifications = notifications
        self.workflows = workflows
        self.pools = pools
        self.random = random
        self.logger = logger
    }
}

extension Engine {
    /// Stores the configured pools and takes a new incarnation. The schema must be up to date.
    public static func open(_ configuration: EngineConfiguration) async throws -> Engine {
        let (pools, incarnation) = try await configuration.database.transaction { transaction in
            try transaction.execute("update incarnations set last = last + 1")
            let incarnation: Incarnation? = try transaction.value("select last from incarnations")
            // The row above is locked until the commit, so that two first starts do not both insert the pools.
            let pools = try StorePools.run(
                configuration.pools, changingKnown: configuration.changesPools, in: transaction)
            return (pools, incarnation ?? Incarnation(rawValue: 1))
        }
        return Engine(
            database: configuration.database, notifications: configuration.notifications, logger: configuration.logger,
            incarnation: incarnation, pools: pools, workflows: WorkflowRegistry(configuration.workflows),
            lanes: LaneDirectory(), hints: ClaimHints(), laneMarks: LaneMarks(), lanePlaces: LanePlaces(),
            gauge: AdmissionGauge(), estimates: EstimateMemory(), ids: IdentifierSource(incarnation: incarnation),
            random: configuration.random, limits: configuration.limits, livingWorkers: configuration.livingWorkers)
    }
}
