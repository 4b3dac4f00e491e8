import Blog
import ServiceLifecycle

/// Lets calls that come at the same moment share a look-up of their keys, and submissions a transaction, as long as the
/// server answers any.
struct SubmissionIntake: Service {
    let generations: BlogGenerations
    let sites: Sites

    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await sites.lookUpKeys() }
            group.addTask { await generations.takeIn() }
        }
    }
}
