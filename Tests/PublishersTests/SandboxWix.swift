import Foundation
import HTTPTypes
import Outbound
import Sandbox
import Synchronization

@testable import Publishers

/// Foundation has operations too.
typealias Operation = Sandbox.Operation

/// Wix as the sandbox plays it, in memory; time stands still unless it is moved.
final class SandboxWix: Transport {
    private struct State {
        var core: SandboxCore
        var now = Duration.zero
        /// Answers that are to be lost after the work is done, by operation.
        var losing: [Operation: Int] = [:]
        var scripted: [OutboundResponse] = []
    }
    private let state: Mutex<State>

    init(faults: [FaultRule] = [], _ change: (inout WixConditions) -> Void = { _ in }) {
        var configuration = SandboxConfiguration()
        configuration.faults = faults
        change(&configuration.wix)
        state = Mutex(State(core: SandboxCore(configuration: configuration, epoch: 1_795_219_200, nonce: 1)))
    }

    func publishers(secret: String = "app-secret") -> WixPublishers {
        WixPublishers(
            WixApp(baseURL: Self.base, id: "app", secret: Secret(secret)), transport: self, clock: Clock(wix: self),
            now: { Date(timeIntervalSince1970: 1_795_219_200) })
    }

    func publisher(_ instance: String = "site-1") -> WixPublisher { publishers().publisher(instance: instance) }

    /// The next call of an operation does its work, and its answer is lost.
    func lose(_ operation: Operation, times: Int = 1) { state.withLock { $0.losing[operation] = times } }

    /// The next calls but those for tokens are answered so.
    func script(_ answers: OutboundResponse...) { state.withLock { $0.scripted = answers } }

    func pass(_ time: Duration) { state.withLock { $0.now += time } }
    var now: Duration { state.withLock(\.now) }

    func revokeTokens(of instance: String = "site-1") {
        state.withLock { $0.core.revokeWixTokens(of: instance) }
    }

    /// The owner removes the site's members and tags.
    func clearPeople(of instance: String = "site-1") {
        state.withLock { $0.core.clearWixPeople(of: instance) }
    }

    func removeApp(from instance: String = "site-1") {
        _ = state.withLock { $0.core.removeWixApp(from: instance, at: $0.now) }
    }

    func installApp(on instance: String = "site-1") {
        _ = state.withLock { $0.core.installWixApp(on: instance, at: $0.now) }
    }

    /// The signed instance with which the dashboard opens the app.
    func signedInstance(of instance: String = "site-1") -> String? {
        state.withLock { $0.core.wixInstance(instance, at: $0.now) }
    }

    /// What the app is told by now.
    func messages() -> [OutgoingWixMessage] {
        state.withLock { $0.core.takeDueWixMessages(at: $0.now) }
    }

    func count(_ operation: Operation) -> Int { state.withLock { $0.core.stats[operation].calls } }

    func drafts(of instance: String = "site-1") -> [WixSiteState.Draft] {
        state.withLock { $0.core.wixSite(instance)?.drafts ?? [] }
    }

    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        await Task.yield()
        let isToken = request.url.path.hasSuffix("/token")
        let answer: (OutboundResponse?, Operation) = state.withLock { state in
            if !isToken, !state.scripted.isEmpty { return (state.scripted.removeFirst(), .wixCall) }
            let handled = state.core.handle(Self.providerRequest(request), at: state.now)
            guard case .respond(let response) = state.core.ending(of: handled.plan, at: state.now) else {
                return (nil, handled.record.operation)
            }
            if let left = state.losing[handled.record.operation], left > 0 {
                state.losing[handled.record.operation] = left - 1
                return (nil, handled.record.operation)
            }
            var fields = HTTPFields()
            for (name, value) in response.headers { if let name = HTTPField.Name(name) { fields[name] = value } }
            return (
                OutboundResponse(status: response.status, headers: fields, body: response.body),
                handled.record.operation
            )
        }
        guard let response = answer.0 else {
            throw OutboundError(.interrupted, "the connection broke", retry: .backoff, sent: true)
        }
        return response
    }

    private static let base: OutboundURL = {
        do { return try OutboundURL("http://sandbox.invalid/wix") } catch { preconditionFailure("\(error)") }
    }()

    private static func providerRequest(_ request: OutboundRequest) -> ProviderRequest {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        if case .bearer(let secret) = request.authorization { headers["authorization"] = "Bearer \(secret.exposed)" }
        var query: [String: String] = [:]
        for part in (request.url.query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            let value = pair.count > 1 ? pair[1].removingPercentEncoding ?? pair[1] : ""
            query[pair[0]] = query[pair[0]].map { "\($0),\(value)" } ?? value
        }
        return ProviderRequest(
            method: request.method.rawValue, path: request.url.path, query: query, headers: headers,
            body: request.body, baseURL: "http://sandbox.invalid")
    }

    /// Shows the sandbox's time; nobody sleeps by it.
    private struct Clock: _Concurrency.Clock {
        let wix: SandboxWix

        struct Instant: InstantProtocol {
            let offset: Duration
            func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
            func duration(to other: Instant) -> Duration { other.offset - offset }
            static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
        }

        var now: Instant { Instant(offset: wix.now) }
        var minimumResolution: Duration { .zero }
        func sleep(until deadline: Instant, tolerance: Duration?) async throws { preconditionFailure("nobody sleeps") }
    }
}
