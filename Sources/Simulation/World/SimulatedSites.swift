import Engine
import Publishers
import Sandbox
import Synchronization

/// The owners' sites: drafts by their marker, and each site's own limit on calls.
final class SimulatedSites: Sendable {
    private struct Site {
        var limit: RateLimit
        var drafts: [String: PostID] = [:]
        var made = 0
    }
    private struct State {
        var sites: [String: Site] = [:]
        var refusals = 0
    }
    private let state = Mutex(State())
    private let simulation: Simulation
    let callsPerMinute: Int

    init(callsPerMinute: Int, in simulation: Simulation) {
        self.callsPerMinute = callsPerMinute
        self.simulation = simulation
    }

    var refusals: Int { state.withLock { $0.refusals } }

    /// The draft that bears a marker.
    func draft(of site: String, marker: String) -> PostID? { state.withLock { $0.sites[site]?.drafts[marker] } }

    /// Every draft ever made, repetitions included.
    var draftsMade: Int { state.withLock { $0.sites.values.map(\.made).reduce(0, +) } }

    /// Admits one call, or says how long to wait.
    func refuse(_ site: String) -> Duration? {
        let now = simulation.now
        simulation.note("call \(site)")
        return state.withLock { state in
            var known =
                state.sites[site] ?? Site(limit: RateLimit(perMinute: callsPerMinute, enforcement: .continuousMinute))
            known.limit.advance(to: now)
            let wait = known.limit.wait(for: 1) ?? .seconds(60)
            if wait == .zero { known.limit.spend(1) } else { state.refusals += 1 }
            state.sites[site] = known
            return wait == .zero ? nil : wait
        }
    }

    /// The draft that bears the marker, made if there is none: the site looks and makes at one instant.
    func makeDraft(of site: String, marker: String) -> PostID {
        state.withLock { state in
            if let known = state.sites[site]?.drafts[marker] { return known }
            let id = PostID("\(site)-\(marker)")
            state.sites[site]?.drafts[marker] = id
            state.sites[site]?.made += 1
            return id
        }
    }

    func remove(_ post: PostID, of site: String) {
        state.withLock { state in
            guard let marker = state.sites[site]?.drafts.first(where: { $0.value == post })?.key else { return }
            state.sites[site]?.drafts[marker] = nil
        }
    }
}

/// One process's way to one site.
struct SimulatedPublisher: Publisher {
    let sites: SimulatedSites
    let site: String
    /// Calls that a draft takes: looking for the author, the picture, the draft itself.
    let callsPerDraft: Int
    let process: SimulatedProcess
    let random: RandomSource

    func createDraft(_ post: Post, marker: String, deadline: Duration) async throws -> DraftReceipt {
        let time = Duration.seconds(4) + .seconds(2) * random.unit()
        for _ in 0..<callsPerDraft { try await call(taking: time / callsPerDraft, deadline: deadline) }
        let id = sites.makeDraft(of: site, marker: marker)
        return DraftReceipt(id: id, url: "https://\(site).invalid/drafts/\(id)")
    }

    func publish(_ draft: PostID, deadline: Duration) async throws -> PublishedReceipt {
        try await call(taking: .seconds(1), deadline: deadline)
        return PublishedReceipt(id: draft, url: "https://\(site).invalid/\(draft)")
    }

    func strays(of posts: [MarkedPost], deadline: Duration) async throws -> [String: [PostID]] {
        try await call(taking: .seconds(1), deadline: deadline)
        return Dictionary(
            posts.map { post in
                let found = sites.draft(of: site, marker: post.marker)
                return (post.marker, [found].compactMap(\.self).filter { $0 != post.kept })
            }
        ) { one, _ in one }
    }

    func remove(_ post: PostID, deadline: Duration) async throws {
        try await call(taking: .seconds(1), deadline: deadline)
        sites.remove(post, of: site)
    }

    func checkConnection(deadline: Duration) async throws -> String { "Posts stay in the simulation." }

    private func call(taking time: Duration, deadline: Duration) async throws {
        if let wait = sites.refuse(site) {
            throw PublisherError(.rateLimited, "The site asks us to slow down", retry: .refused(after: wait))
        }
        guard time <= deadline else {
            try await process.clock.sleep(for: deadline)
            throw PublisherError(.unreachable, "The site did not answer in time", retry: .backoff)
        }
        try await process.clock.sleep(for: time)
    }
}
