import Engine
import Sandbox

/// The designs that Pressroom replaces, played against the same limits: for comparison, and to show that the simulation
/// tells a good schedule from a bad one.
///
/// Each worker holds one of its 50 slots for a whole blog and has a limiter of its own, which knows nothing of the other
/// workers'. Blogs are taken in the order of their arrival; ``Kind/capped`` lets at most 20 of one site be in flight. A
/// refused call is tried again after a growing pause, with its slot held.
package struct OlderDesign: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case fifo, capped }

    let kind: Kind
    let scenario: Scenario

    package init(_ kind: Kind, _ scenario: Scenario) {
        self.kind = kind
        self.scenario = scenario
    }

    package func run() -> Outcome { OlderRun(scenario, siteCap: kind == .capped ? 20 : nil).run() }
}

/// One process's limiter: a minute's worth at once, then at the pace of the limit.
private struct LocalLimiter {
    private let rate: Double
    private let burst: Double
    /// Seconds.
    private var arrival = -1e9

    init(perMinute: Int) {
        rate = Double(perMinute) / 60
        burst = Double(perMinute)
    }

    func start(_ amount: Double, at now: Double) -> Double { max(now, arrival + (amount - burst) / rate) }
    mutating func take(_ amount: Double, at start: Double) {
        arrival = max(arrival, start - max(0, amount - burst) / rate) + amount / rate
    }
}

/// A small simulation of its own: none of the engine's code, none of its database.
private final class OlderRun {
    private struct Worker {
        var free: Int
        var requests: LocalLimiter
        var tokens: LocalLimiter
    }
    private struct Waiting {
        var blogs: ArraySlice<Int> = []
        var inFlight = 0
    }
    private enum Text: String { case ideas, content }

    private let scenario: Scenario
    private let siteCap: Int?
    private let latencies: Latencies
    private var timers = TimerTable<() -> Void>()
    private var now = Duration.zero
    private var chance: Chance
    private var history = HistoryHash()
    private var limits: AccountLimits
    private var workers: [Worker]
    private var waiting: [String: Waiting] = [:]
    private var siteLimits: [String: RateLimit] = [:]
    private var blogs: [Outcome.Blog] = []
    private var calls: [Outcome.Call] = []
    private var refusals = 0

    init(_ scenario: Scenario, siteCap: Int?) {
        self.scenario = scenario
        self.siteCap = siteCap
        let sandbox = scenario.sandbox
        latencies = sandbox.latencies
        chance = Chance(seed: scenario.seed)
        limits = AccountLimits(
            requestsPerMinute: sandbox.requestsPerMinute, tokensPerMinute: sandbox.tokensPerMinute,
            enforcement: sandbox.enforcement)
        let worker = Worker(
            free: scenario.slots, requests: LocalLimiter(perMinute: scenario.requestsPerMinute),
            tokens: LocalLimiter(perMinute: scenario.tokensPerMinute))
        workers = Array(repeating: worker, count: scenario.workers)
    }

    func run() -> Outcome {
        for (site, count) in scenario.demand { for _ in 0..<count { ask(site, at: .zero) } }
        for (index, time) in scenario.lateTimes.enumerated() { ask(Scenario.late(index), at: time) }
        while let (at, event) = timers.popFirst(), at <= scenario.patience {
            now = at
            event()
        }
        return Outcome(scenario, blogs: blogs, calls: calls, refusals: refusals, length: now, history: history)
    }

    private func after(_ pause: Duration, _ event: @escaping () -> Void) { timers.insert(event, at: now + pause) }

    private func ask(_ site: String, at time: Duration) {
        let blog = blogs.count
        blogs.append(Outcome.Blog(id: JobID(rawValue: Int64(blog + 1)), site: site, asked: time))
        timers.insert(
            { [self] in
                waiting[site, default: Waiting()].blogs.append(blog)
                startWaiting()
            }, at: time)
    }

    /// The oldest blog whose site is not at its cap, on the worker with the most free slots.
    private func startWaiting() {
        while let worker = workers.indices.max(by: { workers[$0].free < workers[$1].free }), workers[worker].free > 0 {
            let eligible = waiting.filter { $0.value.inFlight < siteCap ?? .max && !$0.value.blogs.isEmpty }
            guard let (site, next) = eligible.min(by: { $0.value.blogs.first! < $1.value.blogs.first! }),
                let blog = next.blogs.first
            else { return }
            waiting[site]?.blogs.removeFirst()
            waiting[site]?.inFlight += 1
            workers[worker].free -= 1
            ask(.ideas, for: blog, on: worker, attempt: 0)
        }
    }

    private func ask(_ text: Text, for blog: Int, on worker: Int, attempt: Int) {
        let estimate = text == .ideas ? 2_000.0 : 4_000.0
        let seconds = now.inSeconds
        let start = max(
            workers[worker].requests.start(1, at: seconds), workers[worker].tokens.start(estimate, at: seconds))
        workers[worker].requests.take(1, at: start)
        workers[worker].tokens.take(estimate, at: start)
        after(.seconds(start - seconds + 0.02 + 0.28 * chance.unit())) { [self] in
            send(text, estimate, for: blog, on: worker, attempt: attempt)
        }
    }

    private func send(_ text: Text, _ estimate: Double, for blog: Int, on worker: Int, attempt: Int) {
        let spread = 1 + scenario.tokenError * (2 * chance.unit() - 1)
        let tokens = Int((estimate * (1 + scenario.tokenBias) * spread).rounded())
        let isRefused = limits.admit(tokens: tokens, at: now) != .admitted
        calls.append(.init(at: now, tokens: tokens, isRefused: isRefused))
        note("\(text) \(blog) \(isRefused)")
        if isRefused {
            refusals += 1
            let pause = Double(min(60, 1 << min(attempt, 6))) * chance.unit() + 0.2
            return after(.seconds(pause)) { [self] in ask(text, for: blog, on: worker, attempt: attempt + 1) }
        }
        let began = now
        let latency = (text == .ideas ? latencies.ideas : latencies.article).drawn(using: &chance)
        after(latency) { [self] in
            visit(text.rawValue, of: blog, since: began, tokens: tokens)
            text == .ideas ? ask(.content, for: blog, on: worker, attempt: 0) : paint(blog, on: worker)
        }
    }

    private func paint(_ blog: Int, on worker: Int) {
        let began = now
        visit("image", of: blog, since: began)
        after(latencies.image.drawn(using: &chance)) { [self] in
            visit("collect", of: blog, since: now)
            publish(blog, on: worker, callsLeft: scenario.siteCalls, since: now)
        }
    }

    private func publish(_ blog: Int, on worker: Int, callsLeft: Int, since began: Duration) {
        let site = blogs[blog].site
        guard callsLeft > 0 else { return finish(blog, on: worker, since: began) }
        var limit =
            siteLimits[site] ?? RateLimit(perMinute: scenario.siteCallsPerMinute, enforcement: .continuousMinute)
        limit.advance(to: now)
        let wait = limit.wait(for: 1) ?? .zero
        if wait == .zero { limit.spend(1) }
        siteLimits[site] = limit
        guard wait == .zero else {
            return after(wait) { [self] in publish(blog, on: worker, callsLeft: callsLeft, since: began) }
        }
        after((.seconds(4) + .seconds(2) * chance.unit()) / scenario.siteCalls) { [self] in
            publish(blog, on: worker, callsLeft: callsLeft - 1, since: began)
        }
    }

    private func finish(_ blog: Int, on worker: Int, since began: Duration) {
        visit("draft", of: blog, since: began)
        blogs[blog].end(at: now)
        workers[worker].free += 1
        waiting[blogs[blog].site]?.inFlight -= 1
        startWaiting()
    }

    private func visit(_ step: String, of blog: Int, since began: Duration, tokens: Int = 0) {
        note("\(step) \(blog)")
        blogs[blog].visits.append(.init(step: step, began: began, ended: now, tokens: tokens))
    }

    private func note(_ text: String) {
        history.note(UInt64(bitPattern: Int64(now.inNanoseconds)))
        history.note(text)
    }
}
