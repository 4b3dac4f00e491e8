import Database
import Limits
import Logging

/// Replicas of one server on one database, each with its own memory.
struct Replicas: Sendable {
    let limiters: [RateLimiter]
    let databases: [CountedDatabase]

    static func with(
        _ count: Int = 2, on database: any Database, clock: any Clock<Duration> = ContinuousClock(),
        settings: RateLimiter.Settings = .patient,
        _ body: @Sendable @escaping (Replicas) async throws -> Void
    ) async throws {
        let databases = (0..<count).map { _ in CountedDatabase(database) }
        let limiters = databases.map {
            RateLimiter(
                database: $0, clock: clock, settings: settings,
                logger: Logger(label: "limits-tests") { _ in SwiftLogNoOpLogHandler() })
        }
        try await withThrowingTaskGroup { group in
            for limiter in limiters { group.addTask { await limiter.run() } }
            let replicas = Replicas(limiters: limiters, databases: databases)
            await replicas.begin()
            try await body(replicas)
            group.cancelAll()
        }
    }

    /// Waits until each of them asks the database.
    private func begin() async {
        for (limiter, database) in zip(limiters, databases) {
            while database.transactions == 0 {
                _ = await limiter.admit(.user("first"), under: .publicRead)
                await Task.yield()
            }
            database.countAnew()
        }
    }

    /// Sends requests, `width` at a time, each to the replica that `choose` names, and counts those let through.
    func admitted(
        of requests: Int, width: Int = 50, subject: LimitSubject = .user("1"), under policy: LimitPolicy = .publicRead,
        choosing choose: @Sendable @escaping (Int) -> Int = { $0 % 2 }
    ) async -> [Int] {
        await withTaskGroup(of: [Int].self) { group in
            for lane in 0..<width {
                group.addTask {
                    var admitted = limiters.map { _ in 0 }
                    for request in stride(from: lane, to: requests, by: width) {
                        let replica = choose(request)
                        if await limiters[replica].admit(subject, under: policy).isAdmitted { admitted[replica] += 1 }
                    }
                    return admitted
                }
            }
            return await group.reduce(into: limiters.map { _ in 0 }) { sums, part in
                for (replica, count) in part.enumerated() { sums[replica] += count }
            }
        }
    }
}

extension RateLimiter.Settings {
    /// For tests on a busy machine, where a database may well take its time.
    static var patient: RateLimiter.Settings {
        var settings = RateLimiter.Settings()
        settings.patience = .seconds(20)
        return settings
    }
}
