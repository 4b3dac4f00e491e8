import Sandbox
import Synchronization

/// The language model and the image provider of a simulated world: the sandbox's core under the virtual clock.
///
/// Its limiter shares no code with the engine's pools, so that the one checks the other.
final class SimulatedProviders: Sendable {
    private struct State {
        var core: SandboxCore
        var calls: [Outcome.Call] = []
        var refusals = 0
        /// When the courier sets out next.
        var courierDue: Duration?
    }
    private let state: Mutex<State>
    private let simulation: Simulation
    /// Every picture's bytes: what a picture shows has no effect on anything here, and drawing takes milliseconds.
    let picture: [UInt8]
    /// Gets the webhooks that have come due.
    let webhooks: AsyncStream<OutgoingWebhook>
    private let courier: AsyncStream<OutgoingWebhook>.Continuation

    static let baseURL = "http://sandbox.invalid"

    init(_ configuration: SandboxConfiguration, in simulation: Simulation) {
        self.simulation = simulation
        let core = SandboxCore(
            configuration: configuration, epoch: Simulation.epochMilliseconds / 1000, nonce: configuration.seed)
        state = Mutex(State(core: core))
        picture = PictureRequest(prompt: "a picture", seed: 1, width: 64, height: 64).png()
        (webhooks, courier) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Calls refused by a limit on requests or tokens, of texts and of pictures.
    var refusals: Int { state.withLock { $0.refusals } }
    /// The language model's, in order.
    var calls: [Outcome.Call] { state.withLock { $0.calls } }

    func handle(_ request: ProviderRequest) -> Plan {
        let now = simulation.now
        let handled = state.withLock { state in
            let handled = state.core.handle(request, at: now)
            let record = handled.record
            if record.operation.isChat {
                state.calls.append(Outcome.Call(at: now, tokens: record.charged, isRefused: record.refusedBy != nil))
            }
            if record.refusedBy != nil { state.refusals += 1 }
            return handled
        }
        simulation.note("\(handled.record.operation.rawValue) \(handled.record.status)")
        planCourier()
        return handled.plan
    }

    func ending(of plan: Plan) -> Plan.Ending {
        let now = simulation.now
        return state.withLock { $0.core.ending(of: plan, at: now) }
    }

    /// One event for the earliest webhook; it plans the next.
    private func planCourier() {
        let due = state.withLock { state -> Duration? in
            guard let next = state.core.nextWebhook, next < state.courierDue ?? .seconds(Int64.max / 2) else {
                return nil
            }
            state.courierDue = next
            return next
        }
        guard let due else { return }
        simulation.after(due - simulation.now) { [self] in deliver(plannedFor: due) }
    }

    private func deliver(plannedFor due: Duration) {
        let now = simulation.now
        let outgoing = state.withLock { state -> [OutgoingWebhook] in
            guard state.courierDue == due else { return [] }  // An earlier one has set out meanwhile.
            state.courierDue = nil
            return state.core.takeDueWebhooks(at: now)
        }
        for webhook in outgoing {
            state.withLock { $0.core.webhookEnded(webhook, delivered: true, at: now) }
            courier.yield(webhook)
        }
        planCourier()
    }
}
