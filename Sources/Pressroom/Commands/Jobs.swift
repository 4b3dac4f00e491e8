import ArgumentParser
import Engine
import Foundation

struct Jobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at jobs of all tenants, retry them, cancel them.",
        subcommands: [List.self, Show.self, Why.self, Retry.self, Cancel.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List jobs, newest first.")
        @OptionGroup var common: CommonOptions
        @Option(help: "Only jobs in this state: \(JobState.allCases.map(\.name).joined(separator: ", ")).")
        var state: String?
        @Option(help: "Only jobs of this tenant.") var tenant: String?
        @Option(help: "At most this many, 1 to 500.") var limit = 50
        @Option(help: "Only jobs older than this one.") var before: String?

        func run() async throws {
            var filter = JobFilter()
            if let state {
                guard let known = JobState(name: state) else {
                    throw ValidationError("--state is one of \(JobState.allCases.map(\.name).joined(separator: ", "))")
                }
                filter.state = known
            }
            guard (1...500).contains(limit) else { throw ValidationError("--limit is from 1 to 500") }
            filter.tenant = tenant
            filter.limit = limit
            filter.before = try before.map(Jobs.id)
            let wanted = filter
            try await Jobs.with(common) { installation in
                let jobs = try await installation.engine.jobsOfAllTenants(wanted)
                if common.json { return JSONReport.print(["jobs": jobs.map(JobReport.init)]) }
                guard !jobs.isEmpty else { return TextReport.print("No jobs.") }
                let header = ["ID", "TENANT", "KIND", "STATE", "STEP", "AGE", "FAILURE"]
                let rows = jobs.map { job in
                    [
                        job.id.description, job.tenantName, job.kind.rawValue, job.state.name, job.step,
                        Age.text(since: job.createdAt), job.failureCode ?? "",
                    ]
                }
                TextReport.print(TextReport.table([header] + rows))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one job: state, reason for waiting, estimate, steps, timeline.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The job's id.") var job: String

        func run() async throws {
            let id = try Jobs.id(job)
            try await Jobs.with(common) { installation in
                let engine = installation.engine
                guard let summary = try await engine.job(id) else { throw EngineError.unknownJob(id) }
                let report = JobReport(
                    summary, standing: try await engine.standings(of: [id])[id], steps: try await engine.steps(of: id),
                    events: try await engine.events(of: id))
                if common.json { JSONReport.print(report) } else { TextReport.print(report.text) }
            }
        }
    }

    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Why a job is not running, by the code that decides it, and when it is expected to.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The job's id.") var job: String

        func run() async throws {
            let id = try Jobs.id(job)
            try await Jobs.with(common) { installation in
                let engine = installation.engine
                guard let summary = try await engine.job(id) else { throw EngineError.unknownJob(id) }
                let report = JobReport(
                    summary, standing: try await engine.standings(of: [id])[id], steps: nil, events: nil)
                if common.json { JSONReport.print(report) } else { TextReport.print(report.why) }
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a failed or cancelled job another go at the step where it ended.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The job's id.") var job: String

        func run() async throws {
            let id = try Jobs.id(job)
            try await Jobs.with(common) { installation in
                let engine = installation.engine
                try await engine.transaction { try engine.retry(id, by: "command line", in: $0, waking: $1) }
                try await Jobs.report(id, "will run again", engine, common)
            }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a job that has not ended.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "The job's id.") var job: String

        func run() async throws {
            let id = try Jobs.id(job)
            try await Jobs.with(common) { installation in
                let engine = installation.engine
                try await engine.transaction { try engine.cancel(id, by: "command line", in: $0, waking: $1) }
                try await Jobs.report(id, "is cancelled", engine, common)
            }
        }
    }

    static func id(_ text: String) throws -> JobID {
        guard let id = JobID(text) else {
            throw ValidationError("\(text) is no job id; `pressroom jobs list` shows them")
        }
        return id
    }

    /// Opens the installation as a bystander: no worker, no sandbox, no provider is called.
    static func with(_ common: CommonOptions, _ body: @Sendable (Installation) async throws -> Void) async throws {
        let settings = try common.settings()
        let installation = try await Installation.open(
            settings, sandbox: settings.sandbox.address.map { SharedSandbox(address: $0).base }, isBystander: true,
            logger: Surroundings.logger(settings.logs, quiet: true))
        try await installation.using(body)
    }

    private static func report(_ id: JobID, _ what: String, _ engine: Engine, _ common: CommonOptions) async throws {
        guard common.json, let summary = try await engine.job(id) else { return TextReport.print("Job \(id) \(what).") }
        JSONReport.print(JobReport(summary))
    }
}
