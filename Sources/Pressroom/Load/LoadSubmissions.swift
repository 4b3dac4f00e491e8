import Engine
import Foundation
import Outbound
import Simulation

/// Sends a scenario's submissions of the start, so many at once, and notes how each was answered.
struct LoadSubmissions: Sendable {
    let client: LoadClient
    let keys: [String: Secret]
    /// Submissions under way at once.
    let connections: Int

    struct Result: Sendable {
        fileprivate(set) var accepted: [JobID] = []
        fileprivate(set) var refused = 0
        fileprivate(set) var milliseconds: [Double] = []
        fileprivate(set) var seconds = 0.0

        var sent: Int { accepted.count + refused }
    }

    /// Sends what all sites want, side by side as they would send it themselves: each site's are spread evenly over all.
    ///
    /// - Throws: ``CommandError`` `load.answer` when one is answered by neither 201 nor 503.
    func send(_ demand: [(site: String, blogs: Int)]) async throws -> Result {
        let wanted =
            demand
            .flatMap { site, blogs in
                (0..<blogs).map { (site, "\(site) topic \($0)", place: (Double($0) + 0.5) / Double(blogs)) }
            }
            .sorted { ($0.place, $0.0) < ($1.place, $1.0) }
        let begin = Surroundings.clock.now
        var result = Result()
        for next in try await wanted.concurrentMap(atOnce: connections, { try await submit($0.1, for: $0.0) }) {
            result.add(next)
        }
        result.seconds = (Surroundings.clock.now - begin) / .seconds(1)
        return result
    }

    /// - Returns: the answer, and the milliseconds until it was there.
    func submit(_ topic: String, for site: String) async throws -> (LoadClient.Answer, Double) {
        guard let key = keys[site] else { preconditionFailure("\(site) was given a key") }
        let begin = Surroundings.clock.now
        let answer = try await client.submit(topic, for: key)
        return (answer, (Surroundings.clock.now - begin) / .milliseconds(1))
    }
}

extension LoadSubmissions.Result {
    fileprivate mutating func add(_ next: (answer: LoadClient.Answer, milliseconds: Double)) {
        switch next.answer {
        case .accepted(let id): accepted.append(id)
        case .refused: refused += 1
        }
        milliseconds.append(next.milliseconds)
    }
}
