import Database
@testable import Engine
import TestSupport
import Testing

/// The engine's inner verbs with what tests leave unsaid, so that order and time are exact without a worker.
extension EngineFixture {
    func tenant(_ name: String = "acme", weight: Double = 1) async throws -> TenantID {
        try await database.transaction { try engine.ensureTenant(named: name, weight: weight, in: $0).id }
    }

    @discardableResult
    func enqueue(
        _ plan: [Errand.Action] = [.run("first", pool: "free", cost: 1)], for tenant: TenantID, priority: Int = 0,
        uniqueKey: String? = nil, notBefore: Double? = nil, note: String = "", by engine: Engine? = nil
    ) async throws -> JobID {
        let engine = engine ?? self.engine
        return try await engine.transaction { transaction, wakes in
            try engine.enqueue(
                Errand.Input(plan, note: note), as: Errand.self, for: tenant, priority: priority, uniqueKey: uniqueKey,
                notBefore: notBefore, in: transaction, waking: wakes)
        }
    }

    /// Several jobs of one step each, in one transaction.
    @discardableResult
    func enqueue(
        _ count: Int, costing cost: Double = 1, on pool: String = "free", for tenant: TenantID, priority: Int = 0
    )
        async throws -> [JobID]
    {
        try await engine.transaction { transaction, wakes in
            try (0..<count).map { _ in
                try engine.enqueue(
                    Errand.Input([.run("first", pool: pool, cost: cost)]), as: Errand.self, for: tenant,
                    priority: priority, in: transaction, waking: wakes)
            }
        }
    }

    func claim(
        _ pool: PoolName = "free", upTo limit: Int = 100, lease: Duration = .seconds(15), by engine: Engine? = nil
    ) async throws -> Claim {
        let engine = engine ?? self.engine
        return try await engine.claim(engine.pools.entry(pool).id, upTo: limit, lease: lease)
    }

    func claimOne(_ pool: PoolName = "free", lease: Duration = .seconds(15), by engine: Engine? = nil) async throws
        -> ClaimedStep
    {
        try #require(try await claim(pool, upTo: 1, lease: lease, by: engine).steps.first, "nothing could be claimed")
    }

    /// Claims once a second and records what it got.
    @discardableResult
    func serve(_ pool: PoolName, upTo limit: Int = 100, seconds: Int, by clock: EngineClock) async throws
        -> [ClaimedStep]
    {
        var served: [ClaimedStep] = []
        for _ in 0..<seconds {
            let steps = try await claim(pool, upTo: limit).steps
            for step in steps { try await record(step) }
            served += steps
            try await clock.advance(by: .seconds(1))
        }
        return served
    }

    @discardableResult
    func record(
        _ step: ClaimedStep, _ result: String = "done", cost: Double? = nil, by engine: Engine? = nil,
        rows: (@Sendable (borrowing Transaction) throws -> Void)? = nil
    ) async throws -> RecordOutcome {
        try await (engine ?? self.engine).record(
            step, Recording(result, rows: rows), spent: cost.map { .make(cost: $0) })
    }

    @discardableResult
    func signal(_ id: JobID, _ name: String, payload: String? = nil) async throws -> Engine.SignalOutcome {
        try await engine.transaction { try engine.signal(id, name, payload: payload, by: "test", in: $0, waking: $1) }
    }

    func cancel(_ id: JobID) async throws {
        try await engine.transaction { try engine.cancel(id, by: "test", in: $0, waking: $1) }
    }

    func retry(_ id: JobID) async throws {
        try await engine.transaction { try engine.retry(id, by: "test", in: $0, waking: $1) }
    }

    func row(_ id: JobID) async throws -> JobRow {
        try #require(
            try await database.read {
                try $0.one("select \(JobRow.columns) from jobs where id = \(id)", as: JobRow.self)
            })
    }

    func state(_ id: JobID) async throws -> JobState { try await row(id).state }

    func events(_ id: JobID) async throws -> [JobEvent.Kind] { try await engine.events(of: id).compactMap(\.kind) }

    func standing(_ id: JobID) async throws -> JobStanding {
        try #require(try await engine.standings(of: [id])[id])
    }

    /// One number out of the database.
    func number(_ sql: SQL) async throws -> Double {
        let found = try await database.read { try $0.value(sql, as: Double?.self) }
        return (found ?? 0) ?? 0
    }
}

extension Meter.Usage {
    static func make(cost: Double) -> Meter.Usage {
        Meter.Usage(
            provider: "sandbox", model: "small", inputTokens: Int(cost), outputTokens: 1, microdollars: 7, cost: cost)
    }
}

extension PoolDefinition {
    static func make(_ name: PoolName, _ change: (inout PoolDefinition) -> Void) -> PoolDefinition {
        var pool = PoolDefinition(name)
        change(&pool)
        return pool
    }

    /// One that grants nearly everything but is limited, so that its row is locked and counts.
    static func counted(_ name: PoolName = "model") -> PoolDefinition {
        .make(name) {
            $0.requestsPerMinute = 6_000_000
            $0.requestBurst = 1000
            $0.concurrency = 1000
        }
    }
}
