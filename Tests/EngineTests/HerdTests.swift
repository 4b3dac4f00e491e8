import Database
@testable import Engine
import TestSupport
import Testing

/// A thousand jobs meet a provider that is away for ten minutes, in virtual time, event by event.
@Suite struct `A herd` {
    @Test(arguments: [DatabaseFixture.memory, .postgres], [false, true])
    func `that waits for a provider comes back within a minute, with few calls in vain and no job lost`(
        _ fixture: DatabaseFixture, isHanging: Bool
    ) async throws {
        let pool = PoolDefinition.make("model") {
            $0.requestsPerMinute = 300
            $0.requestBurst = 5
            $0.concurrency = 40
        }
        try await fixture.withEngine({ $0.pools = [pool] }) { bench, clock in
            try await bench.engine.announceWorker(name: "w", version: "1", slots: 50)
            for tenant in 1...20 { try await bench.enqueue(50, on: "model", for: bench.tenant("site \(tenant)")) }
            var provider = AbsentProvider(
                away: 30..<630, latency: 4, patience: isHanging ? 60 : 0.05)

            while try await provider.step(bench, clock) {}

            let herd = provider.figures(nominal: 5)
            #expect(herd.answered == 1000)
            #expect(herd.failed <= 100, "\(herd)")
            #expect(herd.recovery <= 60, "\(herd)")
            #expect(herd.share >= 0.9, "\(herd)")
            #expect(herd.inFlightMost <= 40)
            let succeeded: SQL = "select cast(count(*) as double precision) from jobs where state = 3"
            #expect(try await bench.number(succeeded) == 1000)
            #expect(provider.reasons == [.providerPaused])
            try await bench.expectSoundBooks()
        }
    }
}

/// A worker and its provider, in virtual seconds: calls that begin while it is away fail, quickly or by their deadline.
struct AbsentProvider {
    struct Figures: Sendable {
        var answered = 0
        var failed = 0
        var inFlightMost = 0
        /// From the return until the first ten seconds with nine tenths of the nominal starts begin.
        var recovery = 0.0
        /// Of the nominal rate, answered in the second minute after the return.
        var share = 0.0
    }

    let away: Range<Double>
    let latency: Double
    let patience: Double
    private(set) var reasons: Set<WaitingReason> = []
    private var now = 0.0
    private var underWay: [(step: ClaimedStep, start: Double, end: Double)] = []
    private var answers: [(start: Double, end: Double)] = []
    private var failures = 0
    private var inFlightMost = 0
    private var nextLook = 120.0

    init(away: Range<Double>, latency: Double, patience: Double) {
        self.away = away
        self.latency = latency
        self.patience = patience
    }

    /// Ends the calls that are due, claims what may start, and moves the clock to the next event.
    /// - Returns: false when nothing is left.
    mutating func step(_ bench: EngineFixture, _ clock: EngineClock) async throws -> Bool {
        for call in underWay where call.end <= now { try await end(call, bench) }
        underWay.removeAll { $0.end <= now }
        _ = try await bench.engine.runTimers(limit: 1000)
        var claim = try await bench.claim("model")
        while !claim.steps.isEmpty {
            for step in claim.steps { begin(step) }
            claim = try await bench.claim("model")
        }
        if now >= nextLook, now < away.upperBound { try await look(bench) }
        let timer = try await bench.engine.nextTimer()
        // A worker looks every second of its own accord; five are enough here.
        let pauses = [claim.nextIn, timer, .seconds(5)].compactMap(\.self).map { now + $0.milliseconds / 1000 + 0.001 }
        guard let next = (pauses + underWay.map(\.end)).min(), answers.count < 1000 else { return false }
        let pause = max(0.001, next - now)
        try await clock.advance(by: .milliseconds(pause * 1000))
        now += pause
        return now < 3600
    }

    private mutating func begin(_ step: ClaimedStep) {
        let start = now + step.delay.milliseconds / 1000
        let isAway = away.contains(start)
        underWay.append((step, start, start + (isAway ? patience : latency)))
        inFlightMost = max(inFlightMost, underWay.count)
    }

    private mutating func end(
        _ call: (step: ClaimedStep, start: Double, end: Double), _ bench: EngineFixture
    ) async throws {
        if away.contains(call.start) {
            failures += 1
            let failure = StepFailure(
                code: "provider.unreachable", message: "It cannot be reached", retry: .backoff, outage: .suspected)
            _ = try await bench.engine.record(call.step, failed: failure, spent: nil)
        } else {
            answers.append((call.start, call.end))
            try await bench.record(call.step)
        }
    }

    /// Every minute of the absence: what do those say that wait?
    private mutating func look(_ bench: EngineFixture) async throws {
        nextLook += 60
        try await bench.engine.beat(running: underWay.count)
        let waiting: [JobID] = try await bench.database.read {
            try $0.values("select id from jobs where state = 0 or state = 2")
        }
        reasons.formUnion(try await bench.engine.standings(of: waiting).values.compactMap(\.reason))
    }

    func figures(nominal: Double) -> Figures {
        let back = away.upperBound
        let starts = answers.map(\.start).filter { $0 >= back }.sorted()
        let recovery = starts.first { start in
            starts.count { (start..<start + 10).contains($0) } >= Int((nominal * 10 * 0.9).rounded(.up))
        }
        let minute = (back + 60)..<(back + 120)
        return Figures(
            answered: answers.count, failed: failures, inFlightMost: inFlightMost,
            recovery: (recovery ?? .infinity) - back,
            share: Double(answers.count { minute.contains($0.end) }) / (nominal * 60))
    }
}
