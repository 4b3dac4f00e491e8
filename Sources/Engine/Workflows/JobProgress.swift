import Foundation

/// What a job has behind it: the recorded results and the signals, as stored.
public struct JobProgress<Step: StepName>: Sendable {
    /// Why `next` is asked.
    public enum Cause: Sendable, Equatable {
        case enqueued, recorded, signalled(String), timer, retried
    }

    public let cause: Cause
    let history: History

    init(cause: Cause, history: History) {
        self.cause = cause
        self.history = history
    }

    /// Builds a history by hand, to test a workflow's plan without a database.
    public init(cause: Cause, results: [(step: Step, round: Int, json: String)] = [], signals: [String: Signal] = [:]) {
        self.cause = cause
        history = History(
            results: results.map { StoredResult(step: $0.step.rawValue, round: $0.round, json: $0.json) },
            signals: signals)
    }

    /// How many rounds of a step are recorded; 0 when it was never done.
    public func rounds(of step: Step) -> Int { history.results.count { $0.step == step.rawValue } }

    /// How many steps are recorded, over all their rounds.
    public var stepsDone: Int { history.results.count }

    /// The result of a round, or of the latest one; nil when it is not recorded.
    /// - Throws: what `JSONDecoder` throws when the stored result does not have this type.
    public func result<Result: Decodable>(of step: Step, round: Int? = nil, as type: Result.Type = Result.self) throws
        -> Result?
    {
        let recorded = history.results.filter { $0.step == step.rawValue }
        let found = round.map { round in recorded.first { $0.round == round } } ?? recorded.max { $0.round < $1.round }
        return try found.map { try JSONDecoder().decode(type, from: Data($0.json.utf8)) }
    }

    public func signal(_ name: String) -> Signal? { history.signals[name] }
}

/// The untyped progress of one job, as loaded.
struct History: Sendable {
    var results: [StoredResult] = []
    var signals: [String: Signal] = [:]
}

struct StoredResult: Sendable {
    var step: String
    var round: Int
    var json: String
}

/// What somebody told a job; the first one of a name wins.
public struct Signal: Sendable {
    /// JSON, or nil for a bare signal.
    public let payload: String?
    public let by: String
    /// Milliseconds since 1970.
    public let at: Double
    public init(payload: String?, by: String, at: Double) {
        self.payload = payload
        self.by = by
        self.at = at
    }
    public func decode<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data((payload ?? "null").utf8))
    }
}
