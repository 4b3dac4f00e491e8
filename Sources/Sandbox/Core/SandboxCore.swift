/// The sandbox without a network: takes calls at given times and says what becomes of them.
///
/// A value. It reads no clock, draws chance from its seed only, and shares no code with whatever calls it, so a
/// simulation can run it in memory under a virtual clock and trust it as an independent judge of the limits.
///
/// ```swift
/// var sandbox = SandboxCore(configuration: configuration, epoch: 1_760_000_000, nonce: 1)
/// let handled = sandbox.handle(request, at: now)        // admitted or refused at this moment
/// // … let `handled.plan.delay` of sandbox time pass …
/// let ending = sandbox.ending(of: handled.plan, at: later)
/// ```
///
/// All times are sandbox time, a `Duration` since the start; see ``TimeScale``.
package struct SandboxCore: Sendable {
    package struct Handled: Sendable {
        package let plan: Plan
        package let record: CallRecord
    }

    package let configuration: SandboxConfiguration
    package let scale: TimeScale
    package internal(set) var stats = SandboxStats()
    package private(set) var history = CallHistory()
    var language: LanguageModelSandbox
    var images: ImageSandbox
    var wix: WixSandbox
    var script: FaultScript
    /// What befell the call that is being decided.
    var struck: FaultScript.Strike?

    /// - Parameters:
    ///   - epoch: Unix time in seconds at sandbox time zero.
    ///   - nonce: makes identifiers differ from those of other runs; texts and latencies do not depend on it.
    package init(configuration: SandboxConfiguration, epoch: Double, nonce: UInt64) {
        self.configuration = configuration
        scale = TimeScale(speed: configuration.speed, epoch: epoch)
        language = LanguageModelSandbox(configuration: configuration, scale: scale, nonce: nonce)
        images = ImageSandbox(configuration: configuration, scale: scale, nonce: nonce)
        wix = WixSandbox(nonce: nonce, conditions: configuration.wix, scale: scale)
        script = FaultScript(configuration.faults, seed: configuration.seed)
    }

    /// Admits or refuses a call and writes it into the log.
    package mutating func handle(_ request: ProviderRequest, at now: Duration) -> Handled {
        var record = CallRecord(operation: .unknown)
        record.request = request.headers["x-client-request-id"].map { String($0.prefix(512)) }
        if !request.body.isEmpty {
            record.digest = String(Chance.hash(String(decoding: request.body, as: UTF8.self)), radix: 16)
        }
        struck = nil
        let plan = route(request, record: &record, at: now).asking(toWait: struck?.retryAfterText)
        record.time = scale.stamp(at: now)
        record.at = Double(now.inMilliseconds) / 1000
        record.latency = Double(plan.delay.inMilliseconds) / 1000
        record.status = plan.status
        record = history.add(record)
        stats.count(record)
        return Handled(plan: plan, record: record)
    }

    /// What is to be sent now that a plan's delay is over: predictions become answers, the rest stays as planned.
    package func ending(of plan: Plan, at now: Duration) -> Plan.Ending {
        guard case .prediction(let id, let waited, let early) = plan.ending else { return plan.ending }
        guard let prediction = images[id] else { return .respond(ImageProblem.notFound.response) }
        let hasEnded = prediction.status(at: now).isTerminal
        let json = prediction.json(at: now, scale: scale, early: early)
        return .respond(.json(json, status: waited && !hasEnded ? 202 : 201))
    }

    /// The script that is being played.
    package var faults: [FaultRule] { script.rules }

    /// Starts another fault script from its beginning.
    package mutating func play(_ rules: [FaultRule]) { script = FaultScript(rules, seed: configuration.seed) }

    // MARK: Webhooks

    /// When the next webhook is due; nil when none waits.
    package var nextWebhook: Duration? { images.webhooks.next }

    /// The webhooks that are due, ready to be posted. Each must be reported back by ``webhookEnded(_:delivered:at:)``.
    package mutating func takeDueWebhooks(at now: Duration) -> [OutgoingWebhook] {
        images.takeDueWebhooks(at: now).compactMap { delivery in
            guard let prediction = images[delivery.prediction] else { return nil }
            // A prediction that ended before it began never reports a start. Otherwise a late one is sent all the same,
            // with what is true by now: receivers must bear reports out of order.
            if delivery.event == .start, prediction.finishedAt < prediction.startsAt { return nil }
            return OutgoingWebhook(
                delivery, body: prediction.json(at: now, scale: scale).bytes, unix: Int(scale.unix(at: now)),
                secret: WebhookSignature.secret(seed: configuration.seed))
        }
    }

    /// Takes note of how an attempt ended. Anything but a status of 200 to 299 is a failure and is tried again.
    package mutating func webhookEnded(_ webhook: OutgoingWebhook, delivered: Bool, at now: Duration) {
        if delivered { stats.webhooksDelivered += 1 }
        if images.webhookEnded(webhook.delivery, delivered: delivered, at: now) { stats.webhooksFailed += 1 }
    }
}

/// A webhook as it goes out.
package struct OutgoingWebhook: Sendable, Equatable {
    package let delivery: WebhookDelivery
    package let headers: [String: String]
    package let body: [UInt8]

    init(_ delivery: WebhookDelivery, body: [UInt8], unix: Int, secret: String) {
        self.delivery = delivery
        self.body = body
        headers = [
            "content-type": "application/json", "webhook-id": delivery.id, "webhook-timestamp": String(unix),
            "webhook-signature": WebhookSignature.sign(id: delivery.id, timestamp: unix, body: body, secret: secret),
        ]
    }
}

extension Plan {
    /// Status of the answer; 0 when none will be given.
    fileprivate var status: Int {
        switch ending {
        case .respond(let response), .cut(let response, _), .stream(let response, _, _, _),
            .picture(let response, _, _):
            response.status
        case .prediction: 201
        case .silence: 0
        }
    }
}
