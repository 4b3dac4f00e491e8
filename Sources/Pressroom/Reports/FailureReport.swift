import Benchmarks
import Blog
import Database
import Engine
import Foundation
import Outbound
import Providers
import Publishers
import Sandbox
import Simulation
import Web

/// What a command says when it cannot do what it was asked, and how it exits.
struct FailureReport {
    /// The statuses of sysexits.h, so that scripts can tell a wrong setting from a server that is away.
    enum Status: Int32 {
        case usage = 64
        case data = 65
        case noInput = 66
        case unavailable = 69
        case software = 70
        case cannotCreate = 73
        case temporary = 75
        case configuration = 78
    }

    let code: String
    let message: String
    let hint: String?
    let status: Status

    /// Nil for what the argument parser reports itself.
    init?(_ error: any Error) {
        switch error {
        case let error as CommandError: self.init(error.code, error.message, error.hint, error.status)
        case let error as ConfigurationError:
            let problems = error.problems.map { "\n  \($0)" }.joined()
            self.init(error.code, error.message + problems, error.hint, .configuration)
        case let error as DatabaseError:
            self.init(error.code, error.message, error.hint ?? Self.hint(error.kind), Self.status(error))
        case let error as EngineError: self.init(error.code, error.message, Self.hint(error), .data)
        case let error as BlogError:
            guard error.code == .validationFailed else {
                self.init(error.code.rawValue, error.message, error.hint, .data)
                return
            }
            let problems = error.problems.map { "\n  \($0)" }.joined()
            self.init(
                error.code.rawValue, "What was asked for cannot be used:" + problems,
                "Correct it and run the command again.", .data)
        case let error as StepFailure: self.init(error.code, error.message, error.hint, .unavailable)
        case let error as WebServerError: self.init(error.code.rawValue, error.message, error.hint, .unavailable)
        case let error as SandboxError: self.init(error.code.rawValue, error.message, error.hint, .unavailable)
        case let error as OutboundError: self.init(error.code.rawValue, error.message, error.hint, .unavailable)
        case let error as ProviderError: self.init(error.code.rawValue, error.message, error.hint, .unavailable)
        case let error as PublisherError: self.init(error.code.rawValue, error.message, error.hint, .cannotCreate)
        case let error as SimulationError: self.init(error.code.rawValue, error.message, nil, .software)
        case let error as BenchError: self.init(error)
        case is CancellationError: self.init("command.interrupted", "Interrupted.", nil, .temporary)
        default: return nil
        }
    }

    private init(_ error: BenchError) {
        switch error {
        case .inUse(let path):
            self.init(
                "bench.database_in_use", "\(path) holds articles; a benchmark would empty it.",
                "Name another file: --database sqlite:/tmp/bench.sqlite.", .usage)
        case .stalled(let patience):
            self.init("bench.stalled", "The jobs did not end within \(patience).", nil, .software)
        }
    }

    private init(_ code: String, _ message: String, _ hint: String?, _ status: Status) {
        self.code = code
        self.message = message
        self.hint = hint
        self.status = status
    }

    private static func status(_ error: DatabaseError) -> Status {
        if error.isUnavailable { return .unavailable }
        return switch error.kind {
        case .workerRunning, .busy: .temporary
        case .notWritable, .readOnly, .full: .cannotCreate
        case .refused, .notADatabase, .badConfiguration, .schemaBehind, .schemaNewer, .schemaChanged: .configuration
        default: .software
        }
    }

    private static func hint(_ kind: DatabaseError.Kind) -> String? {
        guard kind == .statement else { return nil }
        return "Does DATABASE_URL name a database of ours? `pressroom migrate status` shows what was applied to it."
    }

    private static func hint(_ error: EngineError) -> String? {
        switch error {
        case .unknownJob: "`pressroom jobs list` shows the jobs that there are."
        case .wrongState: "Only what has not ended is cancelled; only what failed or was cancelled is retried."
        case .queueFull: "Wait until some jobs have begun, or raise QUEUE_SIZE_LIMIT."
        default: nil
        }
    }

    /// On standard error for people; with `--json` also one object on standard output.
    func print(asJSON: Bool) {
        var text = "pressroom: \(message)\n  code: \(code)\n"
        if let hint { text += "  hint: \(hint)\n" }
        FileHandle.standardError.write(Data(text.utf8))
        guard asJSON else { return }
        var error: [String: String] = ["code": code, "message": message]
        error["hint"] = hint
        JSONReport.print(["error": error])
    }
}

/// A command's own refusal.
struct CommandError: Error {
    let code: String
    let message: String
    let hint: String?
    let status: FailureReport.Status

    init(_ code: String, _ message: String, hint: String? = nil, status: FailureReport.Status = .usage) {
        self.code = code
        self.message = message
        self.hint = hint
        self.status = status
    }
}
