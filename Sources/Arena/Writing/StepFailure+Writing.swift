import Engine
import Providers

extension StepFailure {
    /// The model has answered twice, and neither answer may stand in a persona's name. Asking a third time would be paid
    /// for by everybody; the owner may.
    static func unusable(_ problems: [JSONSchema.Problem]) -> StepFailure {
        StepFailure(
            code: "writing.unusable",
            message:
                "The model's text could not be used: \(problems.prefix(3).map(\.description).joined(separator: "; ")).",
            hint: "Ask again, or look whether the persona's rules can be kept.", retry: .never)
    }

    /// What a job is about has been deleted or hidden since it was asked for.
    static func gone(_ what: String) -> StepFailure {
        StepFailure(code: "\(what).gone", message: "The \(what) is no longer there.", retry: .never)
    }
}
