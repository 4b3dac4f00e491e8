import Engine
import Synchronization

/// One listener's end of the feed: a bell, and the jobs that have changed since it was last looked at.
///
/// However slow the listener, what is kept for it is bounded: a set of at most `pendingMax` ids, or the word "everything".
final class EventSubscription: Sendable {
    /// What a listener wants to hear of.
    enum Interest: Sendable, Hashable {
        case job(JobID)
        case allJobs
    }

    /// What has happened since the last look. Without jobs and not everything: only time has passed.
    struct News: Sendable, Equatable {
        var jobs: Set<JobID> = []
        /// More than can be named; look at everything.
        var isEverything = false

        var isEmpty: Bool { jobs.isEmpty && !isEverything }
    }

    static let pendingMax = 200

    let id: Int
    let interest: Interest
    /// Rings once, however much has happened; ends when the subscription is closed.
    let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation
    private let pending = Mutex(News())

    init(id: Int, interest: Interest) {
        self.id = id
        self.interest = interest
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes what has happened since the last call.
    func take() -> News {
        pending.withLock { news in
            defer { news = News() }
            return news
        }
    }

    func tell(_ job: JobID) {
        pending.withLock { news in
            guard !news.isEverything else { return }
            news.jobs.insert(job)
            if news.jobs.count > Self.pendingMax { news = News(isEverything: true) }
        }
        ring.yield()
    }

    func tellEverything() {
        pending.withLock { $0 = News(isEverything: true) }
        ring.yield()
    }

    /// Rings without news, so that the listener can show that it is alive.
    func beat() { ring.yield() }

    func close() { ring.finish() }
}
