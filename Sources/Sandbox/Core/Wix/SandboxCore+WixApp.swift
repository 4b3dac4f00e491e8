import Crypto
import Foundation

/// The app on the simulated sites: given, taken away, and told of it.
extension SandboxCore {
    private static let copiesMax = 1_000

    /// What the simulated Wix is like.
    package var wixConditions: WixConditions {
        get { wix.conditions }
        set { wix.conditions = newValue }
    }

    /// What a simulated Wix site holds; nil for one that nobody has asked for.
    package func wixSite(_ instance: String) -> WixSiteState? { wix[instance] }

    /// Ends a site's tokens, as when its owner takes the app away and gives it back.
    package mutating func revokeWixTokens(of instance: String) { wix.revokeTokens(of: instance) }

    /// Takes a site's members and tags away, as an owner may who tidies up.
    package mutating func clearWixPeople(of instance: String) {
        wix[instance]?.members = []
        wix[instance]?.tags = []
    }

    /// A site's owner removes the app: its tokens end, no other is given, and the app is told.
    ///
    /// - Parameters:
    ///   - copies: how often it is told, all at once.
    ///   - delay: sandbox time until it is told.
    /// - Returns: whether it is told, which it is where there is an address.
    @discardableResult
    package mutating func removeWixApp(
        from instance: String, copies: Int = 1, after delay: Duration = .zero, at now: Duration
    ) -> Bool {
        wix.know(instance)
        wix[instance]?.isRemoved = true
        wix.revokeTokens(of: instance)
        return tellWixApp(
            "AppRemoved", about: instance, data: installation(of: instance), copies: copies, after: delay, at: now)
    }

    /// A site's owner installs the app, which may have tokens from now on and is told.
    ///
    /// Parameters and answer are those of ``removeWixApp(from:copies:after:at:)``.
    @discardableResult
    package mutating func installWixApp(
        on instance: String, copies: Int = 1, after delay: Duration = .zero, at now: Duration
    ) -> Bool {
        wix.know(instance)
        wix[instance]?.isRemoved = false
        return tellWixApp(
            "AppInstalled", about: instance, data: installation(of: instance), copies: copies, after: delay, at: now)
    }

    /// Tells the app that something has happened on a site. Parameters and answer are those of
    /// ``removeWixApp(from:copies:after:at:)``.
    ///
    /// Two messages about a site are at least a second apart by their own times, so that their order can be told.
    @discardableResult
    package mutating func tellWixApp(
        _ type: String, about instance: String, data: JSONValue, copies: Int = 1, after delay: Duration = .zero,
        at now: Duration
    ) -> Bool {
        guard let url = wix.conditions.webhookURL else { return false }
        wix.know(instance)
        let issuedAt = max(Int(scale.unix(at: now)), (wix[instance]?.toldAt ?? 0) + 1)
        wix[instance]?.toldAt = issuedAt
        wix.messages.add(
            type, about: instance, data: data, issuedAt: issuedAt, to: url,
            copies: min(max(1, copies), Self.copiesMax), due: now + delay)
        return true
    }

    private func installation(of instance: String) -> JSONValue {
        ["appId": .string(wix[instance]?.app?.id ?? "sandbox-app"), "originInstanceId": .string(instance)]
    }

    /// By script: the app is removed just when it calls.
    mutating func removeWixApp(calledBy request: ProviderRequest, at now: Duration) {
        // A call that names no site removes it from none.
        let asked = try? request.wixBody()["instance_id"]?.text
        let opened = try? wix.instance(of: request.headers["authorization"], at: now)
        if let instance = opened ?? asked { removeWixApp(from: instance, at: now) }
    }

    // MARK: What the app is told

    /// When the next message to the app is due; nil when none waits.
    package var nextWixMessage: Duration? { wix.messages.next }

    /// The messages that are due. Each must be reported back by ``wixMessageEnded(_:delivered:at:)``.
    package mutating func takeDueWixMessages(at now: Duration) -> [OutgoingWixMessage] {
        var outgoing: [OutgoingWixMessage] = []
        for message in wix.messages.takeDue(at: now) {
            let strike = script.strike(.wixWebhook, model: nil, prompt: "\(message.type) \(message.instance)")
            guard strike?.fault != .webhookLost else {
                wixMessageEnded(message, delivered: false, at: now)
                continue
            }
            outgoing.append(
                OutgoingWixMessage(
                    message: message, copies: strike?.fault == .webhookDuplicate ? 2 : message.copies,
                    isAnswerLost: strike?.fault == .webhookAnswerLost, isForged: strike?.fault == .webhookForged))
        }
        return outgoing
    }

    /// Takes note of how an attempt ended. Anything but an answer of 200 in time is a failure and is tried again, up to
    /// twelve times within two days.
    package mutating func wixMessageEnded(_ message: WixMessage, delivered: Bool, at now: Duration) {
        if delivered {
            stats.webhooksDelivered += 1
        } else if wix.messages.failed(message, at: now) {
            stats.webhooksFailed += 1
        }
    }

    // MARK: The dashboard

    private static let instanceLife = 4 * 3_600.0

    /// The signed `instance` with which the site's dashboard opens the app for its owner; good for four hours.
    ///
    /// - Returns: nil for a site that no app has asked a token for.
    package func wixInstance(_ instance: String, at now: Duration) -> String? {
        guard let app = wix[instance]?.app else { return nil }
        let unix = scale.unix(at: now)
        let payload: JSONValue = [
            "instanceId": .string(instance), "appDefId": .string(app.id),
            "signDate": .string(TimeScale.stamp(unix: unix)), "uid": .string("owner-of-\(instance)"),
            "permissions": "OWNER", "demoMode": false, "siteOwnerId": .string("owner-of-\(instance)"),
            "expirationDate": .string(TimeScale.stamp(unix: unix + Self.instanceLife)),
        ]
        let encoded = Base64.urlText(of: payload.bytes)
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(encoded.utf8), using: SymmetricKey(data: Array(app.secret.utf8)))
        return "\(Base64.urlText(of: Array(code))).\(encoded)"
    }
}
