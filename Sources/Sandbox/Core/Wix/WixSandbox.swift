/// The simulated Wix: one app, and every site that asks for a token.
package struct WixSandbox: Sendable {
    /// All are forgotten beyond this.
    static let sitesMax = 2_000

    private struct Token: Sendable {
        let instance: String
        let until: Duration
    }

    /// What its sites are like.
    var conditions: WixConditions {
        didSet { if conditions.callsPerMinute != oldValue.callsPerMinute { limits = [:] } }
    }
    /// What the app is to be told.
    var messages = WixMessages()
    private let scale: TimeScale
    private var identifiers: Chance
    private var tokens: [String: Token] = [:]
    private(set) var sites: [String: WixSiteState] = [:]
    private var limits: [String: StrictLog] = [:]
    /// Where bytes may be put, by a word that only the caller knows.
    private var uploads: [String: WixUpload] = [:]
    private var answers = 0

    init(nonce: UInt64, conditions: WixConditions, scale: TimeScale) {
        identifiers = Chance(seed: nonce, about: "wix")
        self.conditions = conditions
        self.scale = scale
    }

    subscript(instance: String) -> WixSiteState? {
        get { sites[instance] }
        set { sites[instance] = newValue }
    }

    /// A GUID.
    mutating func guid() -> String {
        let digits = Array("0123456789abcdef")
        return [8, 4, 4, 4, 12].map { count in String((0..<count).map { _ in identifiers.pick(digits) }) }
            .joined(separator: "-")
    }

    mutating func word(length: Int) -> String { identifiers.identifier(length: length) }

    /// By what an answer can be asked about: `1795219200.17`.
    mutating func requestID(at now: Duration) -> String {
        answers += 1
        return "\(Int(scale.unix(at: now))).\(answers)"
    }

    /// Begins a site that is not known yet.
    mutating func know(_ instance: String) {
        guard sites[instance] == nil else { return }
        if sites.count >= Self.sitesMax { sites.removeAll() }
        sites[instance] = WixSiteState(instance: instance)
    }

    // MARK: Tokens

    /// Client credentials. A secret with `invalid` in it is wrong, a site with `removed` in its id does not have the app.
    mutating func token(_ body: JSONValue, at now: Duration) throws(WixProblem) -> JSONValue {
        guard body["grant_type"]?.text == "client_credentials", let id = body["client_id"]?.text, !id.isEmpty,
            let secret = body["client_secret"]?.text, let instance = body["instance_id"]?.text, !instance.isEmpty
        else { throw WixProblem(status: 400, "invalid_request", code: "INVALID_REQUEST") }
        if secret.isEmpty || secret.contains("invalid") {
            throw WixProblem(status: 401, "invalid_client", code: "INVALID_CLIENT")
        }
        if instance.contains("removed") || sites[instance]?.isRemoved == true {
            throw WixProblem(status: 400, "the app is not installed", code: "APP_NOT_INSTALLED")
        }
        know(instance)
        sites[instance]?.app = WixSiteState.App(id: id, secret: secret)
        let token = "OauthNG.JWS.\(word(length: 40))"
        let life = Duration.seconds(conditions.tokenSeconds)
        tokens[token] = Token(instance: instance, until: now + life)
        // In the caller's seconds, as everything on the wire.
        let seconds = max(1, Int(scale.real(life).inSeconds))
        return ["access_token": .string(token), "token_type": "Bearer", "expires_in": .int(seconds)]
    }

    /// The site that a token opens.
    func instance(of header: String?, at now: Duration) throws(WixProblem) -> String {
        let text = header ?? ""
        let word = text.lowercased().hasPrefix("bearer ") ? String(text.dropFirst(7)) : text
        guard let token = tokens[word], now < token.until, sites[token.instance] != nil else { throw .unauthenticated }
        return token.instance
    }

    /// All tokens of a site end, as when its owner removes the app for a moment.
    mutating func revokeTokens(of instance: String) { tokens = tokens.filter { $0.value.instance != instance } }

    /// Spends a call of the site's limit.
    mutating func spend(_ instance: String, at now: Duration) throws(WixProblem) {
        var limit = limits[instance] ?? StrictLog(perMinute: conditions.callsPerMinute)
        limit.advance(to: now)
        let wait = limit.wait(for: 1) ?? .zero
        if wait == .zero { limit.spend(1) }
        limits[instance] = limit
        if wait > .zero { throw .throttled }
    }

    // MARK: Uploads

    mutating func expectUpload(_ upload: WixUpload) -> String {
        let word = word(length: 32)
        uploads[word] = upload
        return word
    }

    mutating func takeUpload(_ word: String) -> WixUpload? { uploads.removeValue(forKey: word) }
}

/// A file that is to come.
struct WixUpload: Sendable {
    let instance: String
    let contentType: String
}
