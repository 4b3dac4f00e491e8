import Sandbox

extension Outcome {
    /// What a scenario's own question is answered by, in words with figures; beside the report.
    package func remarks(makespanSeconds: Double) -> [String] {
        var remarks: [String] = []
        let bulk = blogs.filter { !$0.isLate }
        if let tokens = bulk.isEmpty ? nil : Double(bulk.map(\.tokens).reduce(0, +)) / Double(bulk.count) {
            let fluid = FluidSchedule(scenario, tokensPerBlog: tokens).makespan.inSeconds
            remarks.append(
                "fluid max-min schedule of all limits: \(Self.text(fluid / 60, 1)) min; this one \(Self.text(makespanSeconds / fluid, 3)) × as long"
            )
        }
        if scenario.weight != 1, let until = backloggedUntil {
            let (own, others) = served(from: .zero, to: until)
            remarks.append(
                "the first site has the weight \(Self.text(scenario.weight, 2)) and got \(Self.text(own / others, 3)) × what the others got on the average, while all had work (\(Self.text(until / .seconds(60), 1)) min)"
            )
        }
        if scenario.pausesFirstSite {
            let (own, others) = served(from: Scenario.pauseTo, to: Scenario.pauseTo + .seconds(600))
            let dearest = blogs.flatMap(\.visits).map(\.tokens).max() ?? 0
            remarks.append(
                "in the ten minutes after its pause the first site got \(Int(own)) tokens, the others \(Int(others)) on the average: \(Int(own - others)) more; its credit is \(Int(Scenario.modelCredit)), the dearest call \(dearest)"
            )
        }
        if let pause = scenario.killEvery {
            let needed = 2 * blogs.count
            let made = calls.count { !$0.isRefused }
            remarks.append(
                "a worker was killed every \(Int(pause.inSeconds)) s: \(made - needed) of \(made) paid calls of the language model were repetitions; \(draftsMade) drafts were made for \(blogs.count) blogs"
            )
        }
        return remarks
    }

    /// The moment when the first of the sites had begun its last blog.
    private var backloggedUntil: Duration? {
        Dictionary(grouping: blogs.filter { !$0.isLate }, by: \.site).values
            .compactMap { own in own.compactMap(\.visits.first?.began).max() }.min()
    }

    /// Tokens of the first site, and of the others on the average, whose calls began in this time.
    private func served(from: Duration, to: Duration) -> (first: Double, others: Double) {
        var tokens: [String: Int] = [:]
        for blog in blogs where !blog.isLate {
            for visit in blog.visits where visit.began >= from && visit.began < to {
                tokens[blog.site, default: 0] += visit.tokens
            }
        }
        let first = Double(tokens[Scenario.site(0)] ?? 0)
        let rest = Double(tokens.values.reduce(0, +)) - first
        return (first, rest / Double(max(1, scenario.sites - 1)))
    }

    static func text(_ number: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = Int((abs(number) * scale).rounded())
        let (whole, part) = scaled.quotientAndRemainder(dividingBy: Int(scale))
        let padded = String(repeating: "0", count: digits - String(part).count) + String(part)
        return (number < 0 ? "-" : "") + (digits == 0 ? "\(whole)" : "\(whole).\(padded)")
    }
}
