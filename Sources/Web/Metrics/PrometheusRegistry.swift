import CoreMetrics
import Synchronization

/// A swift-metrics backend that renders the Prometheus text exposition format (0.0.4).
///
/// Counters gain `_total`, timers are histograms in seconds and gain `_seconds`, every other recorder is a histogram, and
/// meters and gauges are gauges. A series is created once per (name, labels) and is never dropped: keep label values
/// bounded. It is handed to whoever measures and never made global, so that two servers in one process stay apart.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    private struct Family: Sendable {
        let kind: String
        var series: [String: any Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])
    private let help: [String: String]
    private let secondsBounds: [Double]
    private let valueBounds: [Double]

    /// - Parameter help: one sentence for each metric name, as it is rendered.
    package init(
        help: [String: String] = [:],
        secondsBounds: [Double] = [
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300,
        ],
        valueBounds: [Double] = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576]
    ) {
        self.help = help
        self.secondsBounds = secondsBounds
        self.valueBounds = valueBounds
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, suffix: "_total", kind: "counter", dimensions) { CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, suffix: "", kind: "gauge", dimensions) { GaugeSeries() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate
            ? series(label, suffix: "", kind: "histogram", dimensions) { HistogramSeries(bounds: self.valueBounds) }
            : series(label, suffix: "", kind: "gauge", dimensions) { GaugeSeries() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", kind: "histogram", dimensions) { HistogramSeries(bounds: self.secondsBounds) }
    }

    // Prometheus counters live as long as the process, so destroying a handle keeps its series.
    package func destroyCounter(_: any CounterHandler) {}
    package func destroyMeter(_: any MeterHandler) {}
    package func destroyRecorder(_: any RecorderHandler) {}
    package func destroyTimer(_: any TimerHandler) {}

    /// The current value of every series, families and label sets in order.
    package func render() -> String {
        var out = ""
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            out += PrometheusText.head(of: name, kind: family.kind, help: help[name])
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.render(name: name, labels: labels, into: &out)
            }
        }
        return out
    }

    private func series<S: Series>(
        _ label: String, suffix: String, kind: String, _ dimensions: [(String, String)], make: () -> S
    ) -> S {
        var name = PrometheusText.name(label, colons: true)
        if !name.hasSuffix(suffix) { name += suffix }
        let labels = PrometheusText.labels(dimensions)
        return families.withLock { families in
            // One name has one type: a clash moves to a name of its own rather than corrupt the page.
            if let taken = families[name], taken.kind != kind { name += "_\(kind)" }
            if let known = families[name, default: Family(kind: kind)].series[labels] as? S { return known }
            let created = make()
            families[name, default: Family(kind: kind)].series[labels] = created
            return created
        }
    }
}
