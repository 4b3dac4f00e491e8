import Database
import Engine
import Logging
import ServiceLifecycle

/// Follows the events of all jobs, once for the whole process, and tells those who listen.
///
/// While nobody listens it reads nothing. While somebody does, it reads when a notification comes and, because those may
/// be lost and another process may write to the same SQLite file, every second.
final class EventFeed: Service {
    private static let pageSize = 1_000

    private let engine: Engine
    private let timing: Timing
    private let limits: WebConfiguration.Limits
    private let logger: Logger
    private let subscriptions = EventSubscriptions()
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

    var listenerCount: Int { subscriptions.count }
    var hasRoom: Bool { listenerCount < limits.streamsMax }

    /// Begins to listen; the caller must ``remove(_:)`` the subscription. It hears "everything" at once, and again when
    /// the feed has found out where it stands: what happened before that must be looked up.
    func subscribe(to interest: EventSubscription.Interest) -> EventSubscription {
        let subscription = subscriptions.add(interest)
        subscription.tellEverything()
        arrived.yield()
        lookNow.yield()
        return subscription
    }

    func remove(_ subscription: EventSubscription) { subscriptions.remove(subscription) }

    /// Runs until cancelled; ends all streams then.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.tick() }
            await self.follow()
            group.cancelAll()
        }
        subscriptions.close()
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
                for subscription in subscriptions.all { subscription.beat() }
            }
        }
    }

    private func follow() async {
        var cursor: EventCursor?
        var isAway = false
        for await _ in look {
            guard listenerCount > 0 else {
                cursor = nil
                continue
            }
            do {
                cursor = try await read(from: cursor)
                isAway = false
                // At most ten readings a second, however fast events come.
                try await timing.clock.sleep(for: .milliseconds(100))
            } catch is CancellationError {
                return
            } catch {
                if !isAway { logger.warning("live events are delayed", metadata: ["error": "\(error)"]) }
                isAway = true
            }
        }
    }

    private func read(from cursor: EventCursor?) async throws -> EventCursor {
        guard var cursor else { return try await begin() }
        while true {
            let events = try await engine.eventsOfAllTenants(after: cursor.start, limit: Self.pageSize)
            subscriptions.tell(of: Set(cursor.admit(events).map(\.job)))
            if events.count < Self.pageSize { return cursor }
        }
    }

    private func begin() async throws -> EventCursor {
        var cursor = EventCursor(after: try await engine.latestEventID())
        cursor.skip(try await engine.eventsOfAllTenants(after: cursor.start, limit: Self.pageSize))
        for subscription in subscriptions.all { subscription.tellEverything() }
        return cursor
    }
}
