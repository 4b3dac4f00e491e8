import Synchronization

/// Connections on threads of their own, lent out one transaction at a time, first come first served.
///
/// It grows on demand. A host whose connection broke stays and opens another at its next transaction.
public final class ConnectionPool<C: Connection>: Database {
    private typealias Host = ThreadHosted<C>
    private typealias Waiter = UnsafeContinuation<Host, any Error>

    private let name: String
    private let limits: PoolLimits
    private let clock: any Clock<Duration>
    private let open: @Sendable () throws -> C
    private let state: Mutex<PoolState<Host, Waiter>>
    private let opened = Atomic(0)

    public var dialect: Dialect { C.dialect }
    public var statistics: PoolStatistics { state.withLock { $0.statistics } }

    public init(
        name: String, limits: PoolLimits, clock: any Clock<Duration>, open: @escaping @Sendable () throws -> C
    ) {
        self.name = name
        self.limits = limits
        self.clock = clock
        self.open = open
        state = Mutex(PoolState(limits: limits))
    }

    @discardableResult
    public func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R {
        try await withHost { host in try await host.transaction(mode, body) }
    }

    /// Opens the minimum of connections, then closes what stays idle, until the task is cancelled.
    public func run() async throws {
        await warmUp()
        while !Task.isCancelled {
            try await clock.sleep(for: limits.idle)
            for host in state.withLock({ $0.trim() }) { await host.close() }
        }
    }

    /// Waits for nothing: idle connections are closed now, the others when their transaction ends.
    public func close() async {
        let (hosts, waiters) = state.withLock { $0.close() }
        for waiter in waiters { waiter.resume(throwing: Self.closed) }
        for host in hosts { await host.close() }
    }

    private func withHost<R: Sendable>(_ body: (Host) async throws -> R) async throws -> R {
        let host = try await lease()
        do {
            let result = try await body(host)
            await giveBack(host)
            return result
        } catch {
            await giveBack(host)
            throw error
        }
    }

    private func warmUp() async {
        var hosts: [Host] = []
        while statistics.open < limits.connectionsMin, let host = try? await lease() {  // closed: nothing to warm
            hosts.append(host)
            // An unreachable server is the first transaction's news, which can tell someone.
            guard (try? await host.connect()) != nil else { break }
        }
        for host in hosts { await giveBack(host) }
    }

    private func giveBack(_ host: Host) async {
        switch state.withLock({ $0.giveBack(host) }) {
        case .handOver(let waiter, let host): waiter.resume(returning: host)
        case .keep: break
        case .close(let host): await host.close()
        }
    }
}

extension ConnectionPool {
    private static var closed: DatabaseError { DatabaseError(.closed, "the database was closed") }

    private var exhausted: DatabaseError {
        DatabaseError(
            .poolExhausted, "all \(limits.connectionsMax) database connections stayed busy for \(limits.wait)")
    }

    private func lease() async throws -> Host {
        switch state.withLock({ $0.lease() }) {
        case .use(let host): return host
        case .open: return host()
        case .closed: throw Self.closed
        case .refuse: throw exhausted
        case .wait(let id): return try await waitBounded(id)
        }
    }

    private func host() -> Host {
        let number = opened.add(1, ordering: .relaxed).newValue
        return Host(name: "\(name)-\(number)", open: open)
    }

    /// Waits for a turn or for the limit, whichever comes first. A host that arrives together with the limit is used.
    private func waitBounded(_ id: Int) async throws -> Host {
        try await withThrowingTaskGroup(of: Host?.self) { group in
            group.addTask { try await self.turn(id) }
            group.addTask {
                try await self.clock.sleep(for: self.limits.wait)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            if let late = try? await group.next() ?? nil { return late }  // else: the turn was cancelled by the limit
            throw exhausted
        }
    }

    private func turn(_ id: Int) async throws -> Host {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let lease = state.withLock { state in
                    // Under the lock, so that a cancellation either sees the waiter or is seen here.
                    Task.isCancelled ? nil : state.queue(continuation, id: id)
                }
                switch lease {
                case nil: continuation.resume(throwing: CancellationError())
                case .use(let host): continuation.resume(returning: host)
                case .open: continuation.resume(returning: host())
                case .closed: continuation.resume(throwing: Self.closed)
                case .refuse: continuation.resume(throwing: exhausted)
                case .wait: break
                }
            }
        } onCancel: {
            state.withLock { $0.leave(id: id) }?.resume(throwing: CancellationError())
        }
    }
}
