import Foundation
import HTTPTypes
import Outbound
import Providers
import Sandbox
import Synchronization

/// The sandbox's core behind the product's own client: whoever wants to know how many calls something costs asks the
/// provider's side.
///
/// Its time goes on with each call by as long as the answer takes, so that nobody waits.
final class SandboxModel: Transport {
    private let state: Mutex<(core: SandboxCore, now: Duration)>

    init() {
        let core = SandboxCore(configuration: SandboxConfiguration(), epoch: 1_760_000_000, nonce: 1)
        state = Mutex((core, .zero))
    }

    var client: OpenAIClient {
        get throws {
            OpenAIClient(
                endpoint: OpenAIEndpoint(baseURL: try OutboundURL("http://sandbox.invalid/v1"), key: Secret("tests")),
                transport: self, now: { Date(timeIntervalSince1970: 1_760_000_000) })
        }
    }

    /// Calls of the language model so far, as the sandbox has counted them.
    var calls: Int { state.withLock { $0.core.stats.calls } }
    var refusals: Int { state.withLock { $0.core.stats.refusals } }

    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        if case .bearer(let secret) = request.authorization { headers["authorization"] = "Bearer \(secret.exposed)" }
        let call = ProviderRequest(
            method: request.method.rawValue, path: request.url.path, headers: headers, body: request.body)
        let ending = state.withLock { state in
            let plan = state.core.handle(call, at: state.now).plan
            state.now += plan.delay
            return state.core.ending(of: plan, at: state.now)
        }
        guard case .respond(let answer) = ending else {
            throw OutboundError(.interrupted, "the connection broke", retry: .backoff, sent: true)
        }
        var fields = HTTPFields()
        for (name, value) in answer.headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return OutboundResponse(status: answer.status, headers: fields, body: answer.body)
    }
}
