import Database
import Engine

/// What has happened to every blog and every call of one run, as the tables and the providers' logs tell it.
///
/// All times count from the first submission.
package struct Outcome: Sendable {
    package struct Blog: Sendable {
        package let id: JobID
        let site: String
        private(set) var isDone = false
        let asked: Duration
        /// Nil when it did not end.
        private(set) var ended: Duration?
        package var visits: [Visit] = []
        /// What the engine expected right after the submission.
        var estimate: Estimate?

        package init(id: JobID, site: String, asked: Duration, estimate: Estimate? = nil) {
            self.id = id
            self.site = site
            self.asked = asked
            self.estimate = estimate
        }

        package mutating func end(at time: Duration, isDone: Bool = true) {
            ended = time
            self.isDone = isDone
        }

        var isLate: Bool { site.hasPrefix("late-") }
        var tokens: Int { visits.map(\.tokens).reduce(0, +) }
    }
    /// One recorded step.
    package struct Visit: Sendable {
        let step: String
        let began: Duration
        let ended: Duration
        let tokens: Int

        package init(step: String, began: Duration, ended: Duration, tokens: Int = 0) {
            self.step = step
            self.began = began
            self.ended = ended
            self.tokens = tokens
        }
    }
    /// When a blog was expected to be done, as the engine said it after the submission.
    package struct Estimate: Sendable {
        let earliest: Duration
        let latest: Duration

        package init(earliest: Duration, latest: Duration) {
            self.earliest = earliest
            self.latest = latest
        }
    }
    /// A call that the language model admitted or refused.
    package struct Call: Sendable {
        package let at: Duration
        let tokens: Int
        let isRefused: Bool

        package init(at: Duration, tokens: Int, isRefused: Bool) {
            self.at = at
            self.tokens = tokens
            self.isRefused = isRefused
        }
    }

    package let scenario: Scenario
    package private(set) var blogs: [Blog] = []
    /// The language model's.
    let calls: [Call]
    /// Of every provider and site.
    let refusals: Int
    /// By every site together, repetitions included.
    let draftsMade: Int
    /// Nil for what real processes did.
    package let historyHash: String?
    /// Virtual time from the first submission to the end of the run.
    let length: Duration

    init(of run: ScenarioRun, estimates: [JobID: Estimate]) throws {
        scenario = run.scenario
        let begin = run.begin
        calls = run.world.providers.calls.map { .init(at: $0.at - begin, tokens: $0.tokens, isRefused: $0.isRefused) }
        refusals = run.world.providers.refusals + run.world.sites.refusals
        draftsMade = run.world.sites.draftsMade
        historyHash = run.simulation.history.text
        length = run.simulation.now - begin
        blogs = try Self.readBlogs(from: run, begin: begin, estimates: estimates)
    }

    package init(
        _ scenario: Scenario, blogs: [Blog], calls: [Call], refusals: Int, length: Duration,
        history: HistoryHash? = nil
    ) {
        self.scenario = scenario
        self.blogs = blogs
        self.calls = calls
        self.refusals = refusals
        self.length = length
        draftsMade = blogs.count(where: \.isDone)
        historyHash = history?.text
    }

    private static func readBlogs(
        from run: ScenarioRun, begin: Duration, estimates: [JobID: Estimate]
    ) throws -> [Blog] {
        @Sendable func time(_ stored: Int64) -> Duration {
            .milliseconds(stored) - .milliseconds(Int64(Simulation.epochMilliseconds)) - begin
        }
        return try run.world.database.transactionNow(.read) { transaction in
            var blogs: [Blog] = []
            var places: [JobID: Int] = [:]
            try transaction.forEach(
                """
                select j.id, t.name, j.state, j.created_at, j.ended_at
                  from jobs j join tenants t on t.id = j.tenant_id order by j.id
                """
            ) { row in
                let id: JobID = try row[0]
                let ended: Int64? = try row[4]
                places[id] = blogs.count
                var blog = Blog(id: id, site: try row[1], asked: time(try row[3]), estimate: estimates[id])
                if let ended { blog.end(at: time(ended), isDone: try row[2] == JobState.succeeded.rawValue) }
                blogs.append(blog)
            }
            try transaction.forEach(
                "select job_id, step, started_at, ended_at, tokens_in + tokens_out from steps order by job_id, ended_at"
            ) { row in
                guard let place = places[try row[0]] else { return }
                blogs[place].visits.append(
                    Visit(step: try row[1], began: time(try row[2]), ended: time(try row[3]), tokens: try row[4]))
            }
            return blogs
        }
    }
}

extension Outcome.Blog {
    /// From the submission to the start of the first call.
    var ideaWait: Duration? { visits.first.map { $0.began - asked } }
    /// From the start of its first call to the end; nil while it has not begun.
    var span: (began: Duration, ended: Duration?)? { visits.first.map { ($0.began, ended) } }
    var time: Duration? { ended.map { $0 - asked } }

    /// The time in which somebody was at work for it: the calls, and the painting from its order to its collection.
    ///
    /// - Parameter painting: how long a picture takes where it may have to wait for a slot at the provider, which is no
    ///   work; nil where it is begun at once.
    func service(painting: Duration?) -> Duration {
        var total = Duration.zero
        var orderedAt: Duration?
        for visit in visits {
            switch visit.step {
            case "image": orderedAt = orderedAt ?? visit.began
            case "collect": break
            default: total += visit.ended - visit.began
            }
        }
        guard let orderedAt, let collected = visits.last(where: { $0.step == "collect" }) else { return total }
        return total + (painting ?? collected.ended - orderedAt)
    }
}
