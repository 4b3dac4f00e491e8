import Foundation

/// How long one kind of call takes: a range of sandbox time, most often near its middle.
package struct Latency: Sendable, Equatable, Codable {
    package var leastSeconds: Double
    package var mostSeconds: Double

    package init(_ range: ClosedRange<Double>) {
        leastSeconds = range.lowerBound
        mostSeconds = range.upperBound
    }

    package var mean: Duration { .seconds((leastSeconds + mostSeconds) / 2) }

    /// A duration of the range, log-normal as the times of real services are, cut off at both ends.
    package func drawn(using chance: inout Chance) -> Duration {
        guard leastSeconds > 0, mostSeconds > leastSeconds else { return mean }
        let spread = log(mostSeconds / leastSeconds) / 4
        let middle = log((leastSeconds + mostSeconds) / 2) - spread * spread / 2
        // Box and Muller; 1 - u is never zero.
        let normal = sqrt(-2 * log(1 - chance.unit())) * cos(2 * .pi * chance.unit())
        return .seconds(min(max(exp(middle + spread * normal), leastSeconds), mostSeconds))
    }
}

/// How long each kind of call takes, in sandbox time. What its JSON form does not say takes its default.
package struct Latencies: Sendable, Equatable, Encodable {
    package var ideas = Latency(3...5)
    package var article = Latency(10...15)
    package var chat = Latency(1...3)
    package var image = Latency(30...60)
    /// Polls, lists, files and whatever else only reads.
    package var read = Latency(0.02...0.08)

    package init() {}

    /// Ranges that cannot be.
    package var problems: [String] {
        [("ideas", ideas), ("article", article), ("chat", chat), ("image", image), ("read", read)].compactMap {
            name, latency in
            let holds =
                latency.leastSeconds >= 0 && latency.mostSeconds >= latency.leastSeconds
                && latency.mostSeconds <= 3600
            return holds ? nil : "latency of \(name) must be a range within 0 to 3600 seconds"
        }
    }
}

extension Latencies: Decodable {
    private enum Keys: String, CodingKey, CaseIterable { case ideas, article, chat, image, read }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: Keys.allCases.map(\.rawValue))
        let values = try decoder.container(keyedBy: Keys.self)
        ideas = try values.decodeIfPresent(Latency.self, forKey: .ideas) ?? ideas
        article = try values.decodeIfPresent(Latency.self, forKey: .article) ?? article
        chat = try values.decodeIfPresent(Latency.self, forKey: .chat) ?? chat
        image = try values.decodeIfPresent(Latency.self, forKey: .image) ?? image
        read = try values.decodeIfPresent(Latency.self, forKey: .read) ?? read
    }
}
