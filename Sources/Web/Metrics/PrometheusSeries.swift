import CoreMetrics
import Synchronization

/// One line, or one histogram's lines, of the page.
protocol Series: Sendable {
    func render(name: String, labels: String, into out: inout String)
}

final class CounterSeries: CounterHandler, Series {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    func render(name: String, labels: String, into out: inout String) {
        out += PrometheusText.sample(name, labels: labels, Double(value.load(ordering: .relaxed)))
    }
}

final class GaugeSeries: MeterHandler, RecorderHandler, Series {
    private let value = Mutex(0.0)

    func set(_ new: Int64) { set(Double(new)) }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ new: Int64) { set(Double(new)) }
    func record(_ new: Double) { set(new) }

    func render(name: String, labels: String, into out: inout String) {
        out += PrometheusText.sample(name, labels: labels, value.withLock { $0 })
    }
}

final class HistogramSeries: RecorderHandler, TimerHandler, Series {
    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    func render(name: String, labels: String, into out: inout String) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        let prefix = labels.isEmpty ? "" : labels + ","
        var cumulative: UInt64 = 0
        for (index, count) in counts.enumerated() {
            cumulative += count
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            out += PrometheusText.sample("\(name)_bucket", labels: "\(prefix)le=\"\(bound)\"", Double(cumulative))
        }
        out += PrometheusText.sample("\(name)_sum", labels: labels, sum)
        out += PrometheusText.sample("\(name)_count", labels: labels, Double(cumulative))
    }
}
