/// The simulated image provider: creates predictions, shows them as time passes, cancels them.
package struct ImageSandbox: Sendable {
    /// The oldest are forgotten beyond this.
    static let predictionsMax = 20_000
    /// Part of the whole time before drawing begins.
    private static let startShare = 0.1

    let configuration: SandboxConfiguration
    let scale: TimeScale
    private var creates: RateLimit
    private var reads: RateLimit
    private var latencyChance: Chance
    private var identifiers: Chance
    private var predictions: [String: Prediction] = [:]
    private var order: [String] = []
    /// When the pictures that are being painted, or wait for their turn, are done.
    private var slotsBusyUntil: [Duration] = []
    package private(set) var webhooks = WebhookSchedule()

    package init(configuration: SandboxConfiguration, scale: TimeScale, nonce: UInt64) {
        self.configuration = configuration
        self.scale = scale
        creates = RateLimit(perMinute: configuration.imageRequestsPerMinute, enforcement: configuration.enforcement)
        reads = RateLimit(perMinute: configuration.imageReadsPerMinute, enforcement: .continuousMinute)
        latencyChance = Chance(seed: configuration.seed, about: "image latencies")
        identifiers = Chance(seed: nonce, about: "predictions")
    }

    subscript(id: String) -> Prediction? { predictions[id] }

    /// Spends one call of the limit on creates or on everything else; the whole caller's seconds to wait when refused.
    mutating func refuse(isCreate: Bool, at now: Duration) -> Int? {
        var limit = isCreate ? creates : reads
        limit.advance(to: now)
        let wait = limit.wait(for: 1) ?? .zero
        if wait == .zero { limit.spend(1) }
        if isCreate { creates = limit } else { reads = limit }
        return wait == .zero ? nil : max(1, Int(scale.real(wait).inSeconds.rounded(.up)))
    }

    /// How long the next picture takes.
    mutating func latency() -> Duration {
        let latency = configuration.latencies.image
        return configuration.fixedLatency ? latency.mean : latency.drawn(using: &latencyChance)
    }

    /// Begins a prediction.
    /// - Parameter cancelAfter: sandbox time after which the caller no longer wants it.
    mutating func create(
        _ order: PredictionOrder, fault: Fault?, webhookFault: Fault?, cancelAfter: Duration?, baseURL: String,
        at now: Duration
    ) -> Prediction {
        let time = latency() * (fault == .slow ? 10 : 1)
        let begin = turn(for: time, at: now)
        var webhook = order.webhook
        webhook?.isLost = fault == .webhookLost || webhookFault == .webhookLost
        webhook?.isDuplicated = fault == .webhookDuplicate || webhookFault == .webhookDuplicate
        let prediction = Prediction(
            id: identifiers.identifier(length: 26), model: order.model, version: order.version, input: order.input,
            picture: order.picture, outputs: order.outputs, hasSingleOutput: order.hasSingleOutput, createdAt: now,
            startsAt: begin + time * Self.startShare, endsAt: begin + time, deadline: cancelAfter.map { now + $0 },
            failure: Self.failure(fault), webhook: webhook, baseURL: baseURL,
            lifetime: .seconds(configuration.outputLifetimeSeconds))
        remember(prediction)
        schedule(prediction)
        return prediction
    }

    /// When a picture of this length can be begun; its slot is taken until it is done.
    private mutating func turn(for time: Duration, at now: Duration) -> Duration {
        guard let slots = configuration.imageSlots else { return now }
        slotsBusyUntil.removeAll { $0 <= now }
        let begin = slotsBusyUntil.count < slots ? now : slotsBusyUntil.sorted()[slotsBusyUntil.count - slots]
        slotsBusyUntil.append(begin + time)
        return begin
    }

    private static func failure(_ fault: Fault?) -> String? {
        switch fault {
        case .imageFailed: "Prediction failed: the model ran out of memory."
        case .imageFlagged:
            "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
        default: nil
        }
    }

    private mutating func remember(_ prediction: Prediction) {
        predictions[prediction.id] = prediction
        order.append(prediction.id)
        // Dropped in bulk: taking the first of an array costs as much as its length.
        guard order.count > Self.predictionsMax + Self.predictionsMax / 4 else { return }
        for id in order.prefix(order.count - Self.predictionsMax) { predictions[id] = nil }
        order.removeFirst(order.count - Self.predictionsMax)
    }

    private mutating func schedule(_ prediction: Prediction) {
        guard let webhook = prediction.webhook, !webhook.isLost else { return }
        let times: [(PredictionWebhook.Event, Duration)] = [
            (.start, prediction.startsAt), (.completed, prediction.finishedAt),
        ]
        for (event, due) in times where webhook.events.contains(event) {
            webhooks.add(
                WebhookDelivery(
                    id: "msg_" + identifiers.identifier(length: 24), prediction: prediction.id, url: webhook.url,
                    event: event, due: due, isDuplicated: webhook.isDuplicated && event == .completed))
        }
    }

    /// Cancels a prediction that has not ended; one that has stays as it is. Nil when there is none.
    mutating func cancel(_ id: String, at now: Duration) -> Prediction? {
        guard var prediction = predictions[id] else { return nil }
        if !prediction.status(at: now).isTerminal {
            prediction.canceledAt = now
            predictions[id] = prediction
            webhooks.bringForward(id, to: now)
        }
        return prediction
    }

    /// Up to 100 predictions, the latest first, created after and before some Unix times; `next` is the place to go on.
    func page(from place: Int, after: Double?, before: Double?) -> (predictions: [Prediction], next: Int?) {
        var found: [Prediction] = []
        var index = min(order.count, place)
        while index > 0, found.count < 100 {
            index -= 1
            guard let prediction = predictions[order[index]] else { continue }
            let created = scale.unix(at: prediction.createdAt)
            if let after, created < after { return (found, nil) }
            if let before, created >= before { continue }
            found.append(prediction)
        }
        return (found, index > 0 ? index : nil)
    }

    // MARK: Webhooks

    mutating func takeDueWebhooks(at now: Duration) -> [WebhookDelivery] { webhooks.takeDue(at: now) }

    mutating func webhookEnded(_ delivery: WebhookDelivery, delivered: Bool, at now: Duration) -> Bool {
        webhooks.ended(delivery, delivered: delivered, at: now)
    }
}
