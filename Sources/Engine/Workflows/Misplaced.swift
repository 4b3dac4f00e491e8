/// A step that this process cannot perform because another version queued it: no failure of the job's.
enum Misplaced: Error {
    case kind(JobKind)
    case step(String)

    /// How long the step waits for a worker that knows it before any worker looks again.
    static let pause = Duration.seconds(30)
    static let codes: Set<String> = ["job.kind_unknown", "step.unknown"]

    var failure: StepFailure {
        switch self {
        case .kind(let kind):
            StepFailure(
                code: "job.kind_unknown", message: "The worker that took it knows no jobs of the kind \(kind).",
                hint: "Another version queued it; start a worker of that version.", retry: .after(Self.pause))
        case .step(let step):
            StepFailure(
                code: "step.unknown", message: "The worker that took it knows no step named \(step).",
                hint: "A newer version queued it; upgrade the workers.", retry: .after(Self.pause))
        }
    }
}
