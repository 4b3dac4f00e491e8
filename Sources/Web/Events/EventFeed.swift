import Database
import Engine
import Logging
import ServiceLifecycle
import Synchronization

/// Follows the events of all jobs, once for the whole process, and tells those who listen.
///
/// While nobody listens it reads nothing. While somebody does, it reads when a notification comes and, because those may
/// be lost and another process may write to the same SQLite file, every second.
final class EventFeed: Service {
    private struct State {
        var lastID = 0
        var open: [Int: EventSubscription] = [:]
        var byJob: [JobID: Set<Int>] = [:]
        var isClosed = false
    }

    private let engine: Engine
    private let timing: Timing
    private let limits: WebConfiguration.Limits
    private let logger: Logger
    private let state = Mutex(State())
    private let look: AsyncStream<Void>
    private let lookNow: AsyncStream<Void>.Continuation
    private let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init(engine: Engine, timing: Timing, limits: WebConfiguration.Limits, logger: Logger) {
        self.engine = engine
        self.timing = timing
        self.limits = limits
        self.logger = logger
        (look, lookNow) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (arrivals, arrived) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var listenerCount: Int { state.withLock { $0.open.count } }
    var hasRoom: Bool { listenerCount < limits.streamsMax }

    /// Begins to listen; the caller must ``remove(_:)`` the subscription. Its first news is "everything", once the feed
    /// has found out where it stands: whatever happened before that must be looked up.
    func subscribe(to interest: EventSubscription.Interest) -> EventSubscription {
        let (subscription, isClosed) = state.withLock { state in
            state.lastID += 1
            let subscription = EventSubscription(id: state.lastID, interest: interest)
            if !state.isClosed {
                state.open[subscription.id] = subscription
                if case .job(let job) = interest { state.byJob[job, default: []].insert(subscription.id) }
            }
            return (subscription, state.isClosed)
        }
        if isClosed { subscription.close() } else { subscription.tellEverything() }
        arrived.yield()
        lookNow.yield()
        return subscription
    }

    func remove(_ subscription: EventSubscription) {
        state.withLock { state in
            state.open[subscription.id] = nil
            guard case .job(let job) = subscription.interest else { return }
            state.byJob[job]?.remove(subscription.id)
            if state.byJob[job]?.isEmpty == true { state.byJob[job] = nil }
        }
        subscription.close()
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.tick() }
            await self.follow()
            group.cancelAll()
        }
        closeAll()
    }

    private func listen() async {
        for await _ in engine.notifications.subscribe(Channel.events) where listenerCount > 0 { lookNow.yield() }
    }

    /// Looks every second and beats now and then, as long as somebody listens.
    private func tick() async {
        var sinceBeat = Duration.zero
        for await _ in arrivals {
            while listenerCount > 0 {
                do { try await timing.clock.sleep(for: .seconds(1)) } catch { return }
                lookNow.yield()
                sinceBeat += .seconds(1)
                guard sinceBeat >= limits.heartbeat else { continue }
                sinceBeat = .zero
                for subscription in state.withLock({ Array($0.open.values) }) { subscription.beat() }
            }
        }
    }

    private func follow() async {
        var cursor: EventCursor?
        for await _ in look {
            guard listenerCount > 0 else {
                cursor = nil
                continue
            }
            do {
                cursor = try await read(from: cursor)
                // At most ten readings a second, however fast events come.
                try await timing.clock.sleep(for: .milliseconds(100))
            } catch is CancellationError {
                return
            } catch {
                logger.warning("live events are delayed: the database does not answer", metadata: ["error": "\(error)"])
            }
        }
    }

    private func read(from cursor: EventCursor?) async throws -> EventCursor {
        guard var cursor else { return try await begin() }
        while true {
            let events = try await engine.eventsOfAllTenants(after: cursor.start, limit: 1_000)
            let fresh = cursor.admit(events)
            tell(of: fresh)
            if events.count < 1_000 { return cursor }
        }
    }

    private func begin() async throws -> EventCursor {
        let newest = try await engine.latestEventID()
        var cursor = EventCursor(after: newest)
        cursor.skip(try await engine.eventsOfAllTenants(after: cursor.start, limit: 1_000))
        for subscription in state.withLock({ Array($0.open.values) }) { subscription.tellEverything() }
        return cursor
    }

    private func tell(of events: [JobEvent]) {
        guard !events.isEmpty else { return }
        let jobs = Set(events.map(\.job))
        let told = state.withLock { state in
            var told: [(EventSubscription, JobID)] = []
            let general = state.open.values.filter { $0.interest == .allJobs }
            for job in jobs {
                told += general.map { ($0, job) }
                told += (state.byJob[job] ?? []).compactMap { id in state.open[id].map { ($0, job) } }
            }
            return told
        }
        for (subscription, job) in told { subscription.tell(job) }
    }

    private func closeAll() {
        let open = state.withLock { state in
            state.isClosed = true
            defer { (state.open, state.byJob) = ([:], [:]) }
            return state.open
        }
        for subscription in open.values { subscription.close() }
    }
}
