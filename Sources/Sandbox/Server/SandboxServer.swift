import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The sandbox as a server on loopback: simulated language model and image provider, behind the real wire protocols.
///
/// ```swift
/// let sandbox = try SandboxServer(
///     configuration: configuration, clock: ContinuousClock(), startedAt: Date(),
///     random: SystemRandomNumberGenerator(), logger: logger)
/// // run() as a service, or in a task group; then:
/// let base = try await sandbox.address().apiURL        // "http://127.0.0.1:8089/v1"
/// ```
///
/// It keeps its predictions and counters in memory and forgets them when it ends. On graceful shutdown it stops at
/// once and cuts the calls under way, as a provider's outage would.
package final class SandboxServer: Service, Sendable {
    let core: Mutex<SandboxCore>
    let clock: SandboxClock
    let logger: Logger
    let bound = BoundAddress()
    let courierWake = WakeUp()
    private let configuration: SandboxConfiguration
    private let callLog: CallLogFile?
    private let flight = Mutex(Flight())
    private let wixKey = Mutex<WixWebhookKey?>(nil)

    private struct Flight {
        var now = 0
        var most = 0
    }

    /// - Parameters:
    ///   - clock: passes real time; sandbox time runs `configuration.speed` times as fast.
    ///   - startedAt: date and time now, for the dates in answers.
    ///   - random: makes identifiers differ from run to run; texts and latencies depend on the seed alone.
    /// - Throws: ``SandboxError`` when a value is out of bounds (all problems at once) or the log cannot be written.
    package init(
        configuration: SandboxConfiguration, clock: some Clock<Duration>, startedAt: Date,
        random: some RandomNumberGenerator, logger: Logger
    ) throws(SandboxError) {
        let problems = configuration.problems
        guard problems.isEmpty else {
            throw SandboxError(code: .badConfiguration, message: problems.joined(separator: "; "))
        }
        var random = random
        self.configuration = configuration
        self.clock = SandboxClock(clock, startedAt: startedAt)
        self.logger = logger
        callLog = if let path = configuration.callLogPath { try CallLogFile(path: path) } else { nil }
        core = Mutex(SandboxCore(configuration: configuration, epoch: self.clock.epoch, nonce: random.next()))
    }

    /// Serves until it is cancelled or shut down. May be called once.
    /// - Throws: ``SandboxError`` `cannotListen` when the address is taken or not ours.
    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await self.serve() }
        } catch is CancellationError {
            // The usual end.
        } catch {
            let failure = cannotListen(error)
            bound.settle(.failure(failure))
            throw failure
        }
        bound.settle(.failure(SandboxError(code: .stopped, message: "the sandbox has been stopped")))
    }

    /// Where it listens, as soon as it does.
    /// - Throws: ``SandboxError`` when it cannot listen, or has been stopped.
    package func address() async throws -> SandboxAddress { try await bound.wait() }

    /// What has been counted until now.
    package var stats: SandboxStats {
        var stats = core.withLock { $0.stats }
        (stats.inFlight, stats.inFlightMost) = flight.withLock { ($0.now, $0.most) }
        stats.sandboxSeconds = now.inSeconds
        return stats
    }

    /// Up to `limit` calls after a number, the oldest first.
    package func calls(after number: Int = 0, limit: Int = 1000) -> [CallRecord] {
        core.withLock { Array($0.history.calls(after: number, limit: limit)) }
    }

    /// The fault script that is being played.
    package var faults: [FaultRule] { core.withLock { $0.faults } }

    /// Plays another fault script from its beginning.
    /// - Throws: ``SandboxError`` `badFaults` with every problem; the old script goes on.
    package func play(_ rules: [FaultRule]) throws(SandboxError) {
        let problems = rules.enumerated().flatMap { index, rule in rule.problems.map { "faults[\(index)]: \($0)" } }
        guard problems.isEmpty else {
            throw SandboxError(code: .badFaults, message: problems.joined(separator: "; "))
        }
        core.withLock { $0.play(rules) }
    }

    // MARK: Wix

    /// What the simulated Wix is like at the moment.
    package var wixConditions: WixConditions { core.withLock { $0.wixConditions } }

    /// Makes the simulated Wix another from now on; what its sites have stays.
    /// - Throws: ``SandboxError`` `badConfiguration` with every problem; then nothing changes.
    package func change(_ conditions: WixConditions) throws(SandboxError) {
        let problems = conditions.problems
        guard problems.isEmpty else {
            throw SandboxError(code: .badConfiguration, message: problems.joined(separator: "; "))
        }
        core.withLock { $0.wixConditions = conditions }
    }

    /// The key by which this sandbox's Wix signs; made by whoever needs it first.
    /// - Throws: what the cryptography throws; it does not in practice.
    package func wixWebhookKey() throws -> WixWebhookKey {
        try wixKey.withLock { key in
            if let key { return key }
            let made = try WixWebhookKey()
            key = made
            return made
        }
    }

    // MARK: For the parts of the server

    /// Sandbox time.
    var now: Duration { TimeScale(speed: configuration.speed, epoch: clock.epoch).sandbox(clock.elapsed()) }

    /// Lets sandbox time pass.
    func sleep(_ time: Duration) async throws {
        guard time > .zero else { return }
        try await clock.sleep(TimeScale(speed: configuration.speed, epoch: clock.epoch).real(time))
    }

    /// Decides about a call and logs it.
    func handle(_ request: ProviderRequest) -> Plan {
        let handled = core.withLock { $0.handle(request, at: now) }
        do {
            try callLog?.append(handled.record)
        } catch {
            logger.error("The sandbox cannot write its call log", metadata: ["error": "\(error)"])
        }
        courierWake.signal()
        return handled.plan
    }

    func countFlight(_ change: Int) {
        flight.withLock { flight in
            flight.now += change
            flight.most = max(flight.most, flight.now)
        }
    }

    private func serve() async throws {
        let application = Application(
            responder: SandboxResponder(server: self),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "pressroom-sandbox"),
            onServerRunning: { [bound, configuration, logger] channel in
                let port = channel.localAddress?.port ?? configuration.port
                let address = SandboxAddress(host: configuration.host, port: port)
                logger.info("The sandbox listens on \(address)", metadata: ["speed": "\(configuration.speed)"])
                bound.settle(.success(address))
            }, logger: quietLogger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { try await WebhookCourier(server: self).run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The HTTP server tells about its own life at info, ours is told once, above; and it calls the calls that are cut
    /// when the sandbox ends errors.
    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .critical)
        return quiet
    }

    private func cannotListen(_ error: any Error) -> SandboxError {
        if let error = error as? SandboxError { return error }
        let taken = (error as? IOError)?.errnoCode == EADDRINUSE
        let place = "\(configuration.host):\(configuration.port)"
        return SandboxError(
            code: .cannotListen,
            message: taken
                ? "the address \(place) is already in use" : "the sandbox cannot serve on \(place): \(error)",
            hint: taken ? "Stop the other program, or choose another port; 0 takes any free one." : nil, cause: error)
    }
}
