/// Something that Wix tells the app's webhook.
package struct WixMessage: Sendable, Equatable {
    /// From one; the same in every attempt.
    package let number: Int
    /// `AppInstalled`, `AppRemoved`, or the name of something that happened on the site.
    package let type: String
    package let instance: String
    /// JSON, as text.
    package let data: String
    /// Unix time in whole seconds; the same in every attempt.
    package let issuedAt: Int
    package let url: String
    /// How many times each attempt is posted, all at once.
    package let copies: Int
    /// Counts from one.
    package var attempt = 1
    package var due: Duration

    /// A little more than the 47 hours after which the last attempt is made.
    private static let life = 48 * 3_600

    /// What the token says: JSON in JSON in JSON. The same in every attempt.
    package var claims: JSONValue {
        let envelope: JSONValue = [
            "eventType": .string(type), "instanceId": .string(instance), "data": .string(data),
            "identity": .string(JSONValue.object(JSONObject([("identityType", "WIX_USER")])).json),
        ]
        return ["data": .string(envelope.json), "iat": .int(issuedAt), "exp": .int(issuedAt + Self.life)]
    }
}

/// A message as it goes out.
package struct OutgoingWixMessage: Sendable, Equatable {
    package let message: WixMessage
    /// How many times it is posted at once.
    package let copies: Int
    /// It arrives, but the receiver's answer is lost: it comes again.
    package let isAnswerLost: Bool
    /// Its signature is not that of its text.
    package let isForged: Bool
}

/// Messages that wait for their time.
package struct WixMessages: Sendable {
    /// Beyond this many the oldest are given up.
    private static let waitingMax = 10_000
    /// Sandbox seconds from a failed attempt to the next.
    private static let pauses = [
        60, 600, 3_600, 7_200, 7_200, 7_200, 14_400, 14_400, 14_400, 28_800, 28_800, 43_200,
    ]

    private var waiting: [WixMessage] = []
    private var count = 0

    package var next: Duration? { waiting.map(\.due).min() }

    /// - Parameter due: the time of the first attempt.
    mutating func add(
        _ type: String, about instance: String, data: JSONValue, issuedAt: Int, to url: String, copies: Int,
        due: Duration
    ) {
        count += 1
        waiting.append(
            WixMessage(
                number: count, type: type, instance: instance, data: data.json, issuedAt: issuedAt, url: url,
                copies: copies, due: due))
        if waiting.count > Self.waitingMax { waiting.removeFirst(waiting.count - Self.waitingMax) }
    }

    mutating func takeDue(at now: Duration) -> [WixMessage] {
        let due = waiting.filter { $0.due <= now }.sorted { ($0.due, $0.number) < ($1.due, $1.number) }
        waiting.removeAll { $0.due <= now }
        return due
    }

    /// Plans what follows a failed attempt.
    /// - Returns: whether the message has been given up.
    mutating func failed(_ message: WixMessage, at now: Duration) -> Bool {
        guard message.attempt <= Self.pauses.count else { return true }
        var again = message
        again.attempt += 1
        again.due = now + .seconds(Self.pauses[message.attempt - 1])
        waiting.append(again)
        return false
    }
}
