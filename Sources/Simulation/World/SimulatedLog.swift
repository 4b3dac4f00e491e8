import Logging

/// A process's log: on virtual time, and a part of the history.
struct SimulatedLog: LogHandler {
    let process: SimulatedProcess
    /// Prints what is at least a warning, for whoever looks into a failing seed.
    var isShown = false
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        process.simulation.note("\(process.name) \(event.message)")
        guard isShown else { return }
        let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        print("\(process.simulation.now) \(process.name) \(event.message) \(details.map { "\($0)=\($1)" })")
    }
}

extension SimulatedProcess {
    func logger(isShown: Bool = false) -> Logger {
        Logger(label: name) { _ in SimulatedLog(process: self, isShown: isShown) }
    }
}
