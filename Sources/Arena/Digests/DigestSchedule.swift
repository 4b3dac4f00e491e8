import Database
import Engine
import Logging
import ProductKit

/// Asks for digests when they are due in their owners' zones: a persona's day at six in the morning, a user's week on
/// Monday at seven. Only for those who were here within a fortnight; whoever comes back later has theirs made when they
/// open it.
package struct DigestSchedule: Sendable {
    let engine: Engine
    let supplies: Supplies
    let logger: Logger

    static let dailyHour = 6
    static let weeklyHour = 7
    static let activeWithin = Duration.seconds(14 * 86_400)
    /// Jobs that one transaction asks for.
    private static let batch = 200

    /// Periods of zones for which this process has asked all there were: what somebody does later they see when they open
    /// theirs.
    package struct Done: Sendable {
        fileprivate var periods: Set<String> = []
        package init() {}
    }

    package init(engine: Engine, supplies: Supplies, logger: Logger) {
        self.engine = engine
        self.supplies = supplies
        self.logger = logger
    }

    /// Rounds until the task is cancelled; what goes wrong is logged and tried again the next time.
    package func run(every pause: Duration, clock: some Clock<Duration>) async throws {
        var done = Done()
        while true {
            try await clock.sleep(for: pause)
            do {
                let count = try await runOnce(beside: &done)
                if count > 0 { logger.info("digests asked for", metadata: ["count": "\(count)"]) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                logger.warning("digests could not be asked for, will try again", metadata: ["error": "\(error)"])
            }
        }
    }

    /// One round. Safe to run in several processes at once: a digest has one row, and one active job.
    ///
    /// - Returns: how many digests were asked for.
    /// - Throws: ``EngineError/queueFull(size:retryAfter:)``; the next round asks for the others.
    package func runOnce(beside done: inout Done) async throws -> Int {
        let (now, zones) = try await engine.database.read { transaction in
            let zones: [String] = try transaction.values(
                "select distinct time_zone from users where status = 'active' order by time_zone")
            return (try transaction.instant(), zones)
        }
        let due = zones.flatMap { Self.due(in: $0, at: now) }
        done.periods.formIntersection(due.map(\.name))
        var count = 0
        for due in due where !done.periods.contains(due.name) {
            count += try await ask(for: due, at: now)
            done.periods.insert(due.name)
        }
        return count
    }

    enum Length: Sendable { case day, week }

    struct Due: Sendable {
        let length: Length
        let period: DigestPeriod
        let zone: String
        var name: String { "\(length) \(zone) \(period.name)" }
    }

    /// What everybody in this zone should have by now.
    static func due(in zone: String, at now: Timestamp) -> [Due] {
        let day = Due(length: .day, period: .day(before: now, zone: zone), zone: zone)
        let week = Due(length: .week, period: .week(before: now, zone: zone), zone: zone)
        return [(day, dailyHour), (week, weeklyHour)].filter { due, hour in
            due.period.isOver(bySince: hour, at: now, zone: zone)
        }.map(\.0)
    }

    private func ask(for due: Due, at now: Timestamp) async throws -> Int {
        switch due.length {
        case .day:
            try await askAll { transaction, last in
                try transaction.values(Self.personas(due, behind: last, at: now), as: PersonaID.self)
                    .map { ($0.rawValue, DailyDigestTask(persona: $0, period: due.period)) }
            }
        case .week:
            try await askAll { transaction, last in
                try transaction.values(Self.users(due, behind: last, at: now), as: UserID.self)
                    .map { ($0.rawValue, WeeklyDigestTask(user: $0, period: due.period)) }
            }
        }
    }

    /// - Parameter find: the next ones behind an id, with theirs, in order; at most ``batch``.
    private func askAll<Task: DigestTask>(
        _ find: @Sendable (borrowing Transaction, String) throws -> [(id: String, task: Task)]
    ) async throws -> Int {
        var (last, count) = ("", 0)
        while true {
            let (found, asked) = try await engine.transaction { [last] transaction, wakes in
                let found = try find(transaction, last)
                guard !found.isEmpty else { return (found, 0) }
                return (found, try enqueue(found.map(\.task), in: transaction, waking: wakes))
            }
            count += asked
            guard found.count == Self.batch, let end = found.last else { return count }
            last = end.id
        }
    }

    private func enqueue<Task: DigestTask>(
        _ tasks: [Task], in transaction: borrowing Transaction, waking wakes: Wakes
    ) throws -> Int {
        let system = try engine.ensureTenant(named: Arena.systemTenant, in: transaction)
        var count = 0
        try engine.gathering(in: transaction, waking: wakes) { transaction in
            for task in tasks {
                do {
                    try engine.enqueue(
                        task, as: DigestMaking<Task>.self, for: system.id, priority: 1, uniqueKey: task.uniqueKey,
                        in: transaction, waking: wakes)
                    count += 1
                } catch EngineError.duplicate {
                    // Another process was quicker.
                }
            }
        }
        return count
    }

    /// Personas that did something in the period and have no digest of it.
    private static func personas(_ due: Due, behind last: String, at now: Timestamp) -> SQL {
        """
        select p.id from personas p join users u on u.id = p.user_id
         where p.id > \(last) and p.status <> 'deleted' and \(wasHere(due.zone, at: now))
           and (exists (select 1 from posts where \(DigestBook.posts(of: "p.id", in: due.period)))
                or exists (select 1 from replies where \(DigestBook.replies(of: "p.id", in: due.period))))
           and not exists (select 1 from daily_digests d where d.persona_id = p.id and d.day = \(due.period.name))
         order by p.id limit \(batch)
        """
    }

    private static func users(_ due: Due, behind last: String, at now: Timestamp) -> SQL {
        """
        select u.id from users u
         where u.id > \(last) and \(wasHere(due.zone, at: now))
           and not exists (select 1 from weekly_digests d where d.user_id = u.id and d.week = \(due.period.name))
         order by u.id limit \(batch)
        """
    }

    /// Of this zone, and somebody who has asked for tokens lately.
    private static func wasHere(_ zone: String, at now: Timestamp) -> SQL {
        let since = now.adding(.zero - activeWithin)
        return """
            u.time_zone = \(zone) and u.status = 'active'
            and exists (select 1 from sessions s join session_refreshes r on r.session_id = s.id
                         where s.user_id = u.id and r.created_at >= \(timestamp: since.stored))
            """
    }
}
