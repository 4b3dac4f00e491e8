import Engine
import Foundation
import HTTPTypes
import Outbound
import Sandbox

/// One process's way to the providers: the request travels, the sandbox answers, on the virtual clock.
struct SimulatedTransport: Transport {
    let providers: SimulatedProviders
    let process: SimulatedProcess
    let random: RandomSource

    /// How long a request travels, evenly drawn.
    private static let travel = (least: Duration.milliseconds(20), most: Duration.milliseconds(300))

    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        let clock = process.clock
        let latest = clock.now.advanced(by: deadline)
        try await sleep(
            until: clock.now.advanced(by: Self.travel.least + (Self.travel.most - Self.travel.least) * random.unit()),
            orGiveUpAt: latest, sent: false)
        let plan = providers.handle(Self.providerRequest(request))
        try await sleep(until: clock.now.advanced(by: plan.delay), orGiveUpAt: latest, sent: true)
        switch providers.ending(of: plan) {
        case .respond(let response): return Self.response(response, body: response.body)
        case .picture(let head, _, _): return Self.response(head, body: providers.picture)
        case .cut, .stream:
            throw OutboundError(.interrupted, "the connection broke", retry: .backoff, sent: true)
        case .silence, .prediction: throw Self.timedOut(sent: true)
        }
    }

    private func sleep(until time: VirtualClock.Instant, orGiveUpAt latest: VirtualClock.Instant, sent: Bool)
        async throws
    {
        try await process.clock.sleep(until: min(time, latest), tolerance: nil)
        if time > latest { throw Self.timedOut(sent: sent) }
    }

    private static func timedOut(sent: Bool) -> OutboundError {
        OutboundError(.timedOut, "no answer in time", retry: .backoff, sent: sent)
    }

    private static func providerRequest(_ request: OutboundRequest) -> ProviderRequest {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        if case .bearer(let secret) = request.authorization { headers["authorization"] = "Bearer \(secret.exposed)" }
        var query: [String: String] = [:]
        for part in (request.url.query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            query[pair[0]] = pair.count > 1 ? pair[1].removingPercentEncoding ?? pair[1] : ""
        }
        return ProviderRequest(
            method: request.method.rawValue, path: request.url.path, query: query, headers: headers,
            body: request.body, baseURL: SimulatedProviders.baseURL)
    }

    private static func response(_ answer: ProviderResponse, body: [UInt8]) -> OutboundResponse {
        var fields = HTTPFields()
        for (name, value) in answer.headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return OutboundResponse(status: answer.status, headers: fields, body: body)
    }
}
