import Engine
import Synchronization

/// Who listens to which jobs.
final class EventSubscriptions: Sendable {
    private struct State {
        var lastID = 0
        var open: [Int: EventSubscription] = [:]
        var byJob: [JobID: Set<Int>] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.open.count } }
    var all: [EventSubscription] { state.withLock { Array($0.open.values) } }

    /// A closed one, when no more are taken.
    func add(_ interest: EventSubscription.Interest) -> EventSubscription {
        let (subscription, isClosed) = state.withLock { state in
            state.lastID += 1
            let subscription = EventSubscription(id: state.lastID, interest: interest)
            if !state.isClosed {
                state.open[subscription.id] = subscription
                if case .job(let job) = interest { state.byJob[job, default: []].insert(subscription.id) }
            }
            return (subscription, state.isClosed)
        }
        if isClosed { subscription.close() }
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

    /// Tells each listener which of its jobs have changed.
    func tell(of jobs: Set<JobID>) {
        let told = state.withLock { state in
            let general = state.open.values.filter { $0.interest == .allJobs }
            return jobs.flatMap { job in
                let own = (state.byJob[job] ?? []).compactMap { state.open[$0] }
                return (general + own).map { ($0, job) }
            }
        }
        for (subscription, job) in told { subscription.tell(job) }
    }

    /// Ends all and takes no more.
    func close() {
        let open = state.withLock { state in
            state.isClosed = true
            defer { (state.open, state.byJob) = ([:], [:]) }
            return state.open
        }
        for subscription in open.values { subscription.close() }
    }
}
