import HTTPTypes
import Hummingbird

extension Request {
    /// Whether the caller would rather read a page than JSON: browsers name `text/html`, programs do not.
    var prefersHTML: Bool {
        guard !uri.path.hasPrefix("/api/") else { return false }
        return quality(of: "text/html", alone: true) > quality(of: "application/json", alone: false)
    }

    /// Whether JSON was asked for by name.
    var asksForJSON: Bool { quality(of: "application/json", alone: true) > 0 }

    // RFC 9110 §12.5.1, as far as two types need it.
    private func quality(of type: String, alone: Bool) -> Double {
        var best = 0.0
        for range in (headers[.accept] ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.trimmingPrefix { $0 == " " } }
            guard let name = parts.first?.lowercased() else { continue }
            let matches = name.hasPrefix(type) || (!alone && (name.hasPrefix("*/*") || name.hasPrefix("application/*")))
            guard matches else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            best = max(best, weight)
        }
        return best
    }
}
