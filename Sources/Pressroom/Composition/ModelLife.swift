import Foundation
import Providers

/// Whether the models that we use are there, and go on being so: providers retire them by the dozen.
struct ModelLife {
    /// A model that ends within this many days is to be replaced.
    static let noticeDays = 60

    private let models: [String: OpenAIClient.ModelEntry]
    private let today: Date

    init(_ models: [OpenAIClient.ModelEntry], today: Date) {
        self.models = Dictionary(models.map { ($0.name, $0) }) { first, _ in first }
        self.today = today
    }

    /// The first thing that is wrong, in words; nil when all is well. A server that lists no models is believed.
    func worry(about wanted: [String]) -> String? {
        for name in wanted where !models.isEmpty {
            guard let model = models[name] else { return "\(name) is not among them" }
            guard let endsOn = model.endsOn, let days = days(until: endsOn) else { continue }
            if days <= 0 { return "\(name) ended on \(endsOn)" }
            if days <= Self.noticeDays { return "\(name) ends on \(endsOn), in \(days) days" }
        }
        return nil
    }

    /// How many days each has left; 0 for one that is gone, nothing for one of which nobody says when it ends.
    func daysLeft(of wanted: [String]) -> [String: Int] {
        guard !models.isEmpty else { return [:] }
        var left: [String: Int] = [:]
        for name in wanted {
            guard let model = models[name] else {
                left[name] = 0
                continue
            }
            left[name] = model.endsOn.flatMap(days).map { max(0, $0) }
        }
        return left
    }

    /// Nil for what is no date.
    private func days(until text: String) -> Int? {
        // No date, no worry.
        guard let date = try? Date("\(text.prefix(10))T00:00:00Z", strategy: .iso8601) else { return nil }
        return Int((date.timeIntervalSince(today) / 86_400).rounded(.up))
    }
}
