import Blog
import ServiceLifecycle

/// Lets submissions that come at the same moment share a transaction, as long as the server answers any.
struct SubmissionIntake: Service {
    let generations: BlogGenerations

    func run() async throws { await generations.takeIn() }
}
