import Database
import Logging
import Synchronization

/// Limits that all replicas share, without a trip to the database for each request.
///
/// Each replica takes permits from a key's shared window in batches (``LimitPolicy/batch``, a twenty-fourth of the limit,
/// or as many as wait for them) and spends them from memory; when the window is empty it remembers until when. All keys
/// that need permits at one moment share a transaction, and one transaction is under way at a time.
///
/// **Trips.** A key costs a replica at most one batch a trip while it is let through, and one trip for each time that
/// permits come back to an empty window: at most 24 + 24 trips in a window, whatever the number of requests, and fewer
/// where keys share them. A key with a limit below 24 costs one for each request that is let through.
///
/// **How exact.** With `n` replicas and batches of `b`, a burst on rested windows lets through at most the limit, and at
/// least the limit less `(n − 1)(b − 1)`: that many permits may lie unspent with others. In any window of an endless flood
/// at most `n·b` more than the limit are let through: permits taken before the window and spent in it. With two replicas
/// and 120 a minute: 116 to 120 of a burst, at most 130 in any minute. One replica alone never lets through more than the
/// limit. What is in hand when a replica ends is lost until its window has passed; nothing is given back.
///
/// **Without the database**, or when it takes longer than ``Settings/patience``, each replica decides alone, with
/// ``Settings/aloneShare`` of the limit, counting what it has let through already. Nobody gets an error, and nobody waits:
/// the database is tried again by one request a second.
///
/// Bounds: ``Settings``. A replica's memory of a key is about 1 KiB at most.
package final class RateLimiter: Sendable {
    package struct Settings: Sendable {
        /// Which part of a limit one replica lets through on its own: one over the number of replicas, usually.
        package var aloneShare = 0.5
        /// How long a request may wait for the database.
        package var patience: Duration = .milliseconds(250)
        /// Keys remembered at once; those that were not asked for lately go first.
        package var keysMax = 20_000
        var awayPauseMilliseconds: Int64 = 1_000
        /// Requests that wait for permits at once; more are decided upon alone, as are those beyond ``wishesMax``.
        var waitersMax = 10_000
        var wishesMax = 5_000
        /// Keys in one transaction.
        var batchKeysMax = 200

        package init() {}
    }

    private let windows: SharedWindows
    private let clock: any Clock<Duration>
    private let milliseconds: @Sendable () -> Int64
    private let settings: Settings
    private let logger: Logger
    private let book: Mutex<LimitBook<LimitWait>>
    private let wishes: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    /// - Parameter clock: runs only forward; for patience and for what is remembered here. The shared windows go by the
    ///   database's own.
    package init(
        database: any Database, clock: any Clock<Duration>, settings: Settings = Settings(), logger: Logger
    ) {
        windows = SharedWindows(database: database)
        self.clock = clock
        milliseconds = clock.millisecondsSinceNow()
        self.settings = settings
        self.logger = logger
        book = Mutex(LimitBook(settings))
        (wishes, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Decides whether one more request of a subject is let through, and counts it if so.
    ///
    /// Never throws: without the database, or before ``run()`` and after its end, it decides alone. Waits at most
    /// ``Settings/patience``, and for most requests not at all.
    package func admit(_ subject: LimitSubject, under policy: LimitPolicy) async -> LimitDecision {
        let key = LimitKey(policy: policy, subject: subject.text)
        let wait = LimitWait()
        switch book.withLock({ $0.ask(key, wait, at: milliseconds()) }) {
        case .decided(let decision): return decision
        case .wait(_, let mustRing):
            if mustRing { bell.yield() }
            return await answer(to: wait, for: key)
        }
    }

    /// How many keys are remembered.
    package var keyCount: Int { book.withLock { $0.keyCount } }

    /// Asks the shared windows for what requests need, until it is cancelled. Call it once.
    package func run() async {
        book.withLock { $0.beginServing() }
        var sweptAt = milliseconds()
        for await _ in wishes {
            while !Task.isCancelled, let next = book.withLock({ $0.takeWishes() }) { await ask(for: next) }
            guard milliseconds() - sweptAt >= SharedWindows.sweepPauseMilliseconds else { continue }
            sweptAt = milliseconds()
            await sweep()
        }
        settle(book.withLock { $0.endServing(at: milliseconds()) })
    }

    private func ask(for wished: [Wish]) async {
        do {
            let grants = try await windows.take(wished)
            let (wasAway, settled) = book.withLock { ($0.isAway, $0.settle(grants, at: milliseconds())) }
            if wasAway { logger.notice("limits are shared again") }
            settle(settled)
        } catch {
            let (wasAway, settled) = book.withLock { ($0.isAway, $0.fail(at: milliseconds())) }
            if !wasAway, !(error is CancellationError) {
                logger.warning(
                    "limits are not shared: each process keeps to its part", metadata: ["error": "\(error)"])
            }
            settle(settled)
        }
    }

    private func sweep() async {
        do { try await windows.sweep() } catch {
            logger.debug("windows that have passed were not removed", metadata: ["error": "\(error)"])
        }
    }

    private func settle(_ settled: [LimitBook<LimitWait>.Settled]) {
        for (wait, decision) in settled { wait.settle(decision) }
    }

    private func answer(to wait: LimitWait, for key: LimitKey) async -> LimitDecision {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                var isLate = true
                // Cancelled with the request or because the answer is there.
                do { try await clock.sleep(for: settings.patience) } catch { isLate = false }
                let decision = book.withLock { $0.leave(key, wait, isLate: isLate, at: milliseconds()) }
                if let decision { wait.settle(decision) }
            }
            let decision = await wait.decision
            group.cancelAll()
            return decision
        }
    }
}

extension Clock<Duration> {
    /// Counts milliseconds from now on.
    fileprivate func millisecondsSinceNow() -> @Sendable () -> Int64 {
        let begin = now
        return {
            let (seconds, attoseconds) = begin.duration(to: now).components
            return seconds * 1000 + attoseconds / 1_000_000_000_000_000
        }
    }
}
