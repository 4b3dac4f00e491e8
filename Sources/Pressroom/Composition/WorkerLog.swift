import Blog
import Engine
import Logging

/// The log lines that operators of the older system grep for: at start, every 30 s, and for each article that is out.
struct WorkerLog: Sendable {
    private let installation: Installation
    private let worker: Worker
    static let period = Duration.seconds(30)

    init(_ installation: Installation, _ worker: Worker) {
        self.installation = installation
        self.worker = worker
    }

    func run() async throws {
        start()
        var cycle = 0
        while true {
            try await Surroundings.clock.sleep(for: Self.period)
            cycle += 1
            do {
                try await heartbeat(cycle)
            } catch let error where !(error is CancellationError) {
                installation.logger.warning("[Blog Worker] no figures", metadata: ["error": "\(error)"])
            }
        }
    }

    private func start() {
        let work = installation.settings.work
        let model = installation.settings.languageModel
        installation.logger.info(
            """
            [Blog Worker] started: \(work.slots) concurrent, \(work.batchSize) a claim, \
            \(model.requestsPerMinute) RPM, \(model.tokensPerMinute) TPM\(installation.providers.isSandbox ? ", sandbox" : "")
            """)
    }

    private func heartbeat(_ cycle: Int) async throws {
        let pools = try await installation.engine.poolStatus()
        let queue = try await installation.engine.queueSize()
        let model = pools.first { $0.name == PoolNames().model }
        installation.logger.info(
            """
            [Blog Worker] heartbeat: cycle \(cycle), queue \(queue), running \(worker.runningCount), \
            RPM \(percent(model?.requestUse)), TPM \(percent(model?.costUse))
            """)
    }

    private func percent(_ use: Double?) -> String { use.map { "\(Int(($0 * 100).rounded())) %" } ?? "–" }
}
