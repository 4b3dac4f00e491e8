/// One of a pool's limits as its provider last told it beside an answer.
///
/// It may lower what was configured and raise it again as far as that; beyond, only where the pool is to follow its
/// provider. Nothing heard for ten minutes, it is forgotten: the first answer tells it anew, and until then no more than
/// a burst starts at once.
struct ToldLimit: Sendable, Equatable {
    static let life = Duration.seconds(600)

    /// Per millisecond; nil when nothing was heard.
    private(set) var rate: Double?
    /// Whose limit it is: of several models in a pool the lowest limit counts, and only its own model raises it.
    private(set) var model = ""
    /// Milliseconds since 1970.
    private(set) var at = 0.0

    init() {}

    init(rate: Double?, model: String, at: Double) {
        self.rate = rate
        self.model = model
        self.at = at
    }

    /// - Parameter perMinute: as told; what is not greater than zero says nothing.
    mutating func hear(perMinute: Double?, of model: String, at now: Double) {
        guard let perMinute, perMinute > 0, perMinute.isFinite else { return }
        let told = perMinute / 60_000
        forgetIfOld(at: now)
        if let rate, told > rate, model != self.model { return }
        self = ToldLimit(rate: told, model: model, at: now)
    }

    mutating func forgetIfOld(at now: Double) {
        if rate != nil, now - at > Self.life.milliseconds { self = ToldLimit() }
    }

    /// The rate to keep to, where one is configured.
    func applied(to configured: Double, follows: Bool) -> Double {
        guard let rate else { return configured }
        return follows ? rate : min(configured, rate)
    }
}
