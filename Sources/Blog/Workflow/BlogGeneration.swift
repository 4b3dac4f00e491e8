import Engine
import ProductKit
import Providers

/// The way of one article: source → ideas → (selection) → content → image → collect → draft → (time) → publish.
///
/// A draft and its publication are two steps, so that what is published is always the *recorded* draft: a worker that was
/// declared dead and comes back may leave a stray draft (a sweep removes it), but never a second post. An image never
/// blocks an article: when it fails for good, its failure is the recorded outcome and the article goes on without.
package struct BlogGeneration: Workflow {
    package static let kind: JobKind = "blog_generation"

    /// In order: of one site's jobs in a lane, those further on go first.
    package enum Step: String, StepName {
        /// Reads the product, before anything is written about it.
        case source
        case ideas
        case content
        /// Orders the picture. Some providers answer with it, and nothing is left to collect.
        case image
        /// Asks how the order stands; fetches the picture when it is ready.
        case collect
        case draft
        /// Looks how long it is until the time of publication.
        case schedule
        case publish
    }

    /// What a generation has behind it. (Foundation has a `JobProgress` of its own.)
    package typealias Done = JobProgress<Step>

    let world: World
    let settings: Settings
    let modelCall: ModelCall

    package init(world: World, settings: Settings) {
        self.world = world
        self.settings = settings
        modelCall = ModelCall(
            world.languageModel, otherAccounts: world.otherAccounts,
            terms: ModelCall.Terms(
                provider: settings.textProvider, prices: settings.prices, defaultPause: settings.defaultPause,
                unusable: Self.unusable))
    }

    /// Asking a third time would be paid for as the first two.
    private static func unusable(_ problems: [JSONSchema.Problem]) -> StepFailure {
        let error = ProviderError.malformed(problems, usage: nil)
        return StepFailure(
            code: error.code.rawValue, message: error.message,
            hint: "Retry it, or choose another model if this happens often.", retry: .never, cause: error)
    }

    package func perform(
        _ step: Step, of job: Job<Brief>, after done: Done, in context: StepContext
    ) async throws -> Recording {
        switch step {
        case .source: try await readSource(of: job, in: context)
        case .ideas: try await findIdeas(for: job, after: done, in: context)
        case .content: try await writeArticle(for: job, after: done, in: context)
        case .image: try await orderImage(for: job, after: done, in: context)
        case .collect: try await collectImage(for: job, after: done, in: context)
        case .draft: try await createDraft(for: job, after: done, in: context)
        case .schedule: try readClock(for: job)
        case .publish: try await publish(job, after: done, in: context)
        }
    }

    package func policy(for step: Step) -> StepPolicy {
        let times = settings.timeouts
        let timeout =
            switch step {
            case .source: times.source
            case .ideas: times.ideas
            case .content: times.article
            case .image: times.image
            case .collect: times.collect
            case .draft, .publish: times.publisher
            case .schedule: Duration.seconds(10)
            }
        var policy = StepPolicy(timeout: timeout, attemptsMax: settings.attemptsMax, backoff: settings.backoff)
        policy.model = model(of: step)
        return policy
    }

    private func model(of step: Step) -> String? {
        switch step {
        case .ideas: settings.ideasModel
        case .content: settings.articleModel
        case .source, .image, .collect, .draft, .schedule, .publish: nil
        }
    }

    package func announcesStart(of step: Step) -> Bool { step == .source || step == .ideas || step == .content }
}
