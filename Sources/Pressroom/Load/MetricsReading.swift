/// What a server's `/metrics` has said once.
struct MetricsReading: Sendable {
    private struct Sample: Sendable {
        let name: Substring
        /// As it stands between the braces.
        let labels: Substring
        let value: Double
    }
    private let samples: [Sample]

    /// - Parameter text: Prometheus's text format; what is no sample is passed over.
    init(_ text: String) {
        samples = text.split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), let blank = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: blank)...])
            else { return nil }
            let series = line[..<blank]
            let parts = series.split(separator: "{", maxSplits: 1)
            return Sample(name: parts[0], labels: parts.count == 2 ? parts[1].dropLast() : "", value: value)
        }
    }

    /// The sum of a metric's series, or of those with one label.
    ///
    /// - Parameter label: as it stands there, such as `reason="backoff"`.
    func sum(_ name: String, _ label: String? = nil) -> Double {
        samples.filter { $0.name == name && (label.map($0.labels.contains) ?? true) }.reduce(0) { $0 + $1.value }
    }

    /// Jobs that wait for anything, and calls that are being made.
    var jobsUnderWay: Int { Int(sum("jobs_waiting") + sum("pool_running")) }
    var jobsFailed: Int { Int(sum("jobs_processed_total", #"outcome="failed""#)) }
    var retries: Int { Int(sum("job_retries_total")) }
}
