/// How one worker process behaves.
public struct WorkerConfiguration: Sendable {
    /// Shown to operators; need not be unique.
    public var name: String
    public var version: String
    /// Steps performed at once; a slot is held during a call only.
    public var slots = 50
    /// Jobs taken in one claim.
    public var claimBatch = 100
    /// How long a step belongs to a worker that has fallen silent; renewed every third of it.
    public var lease = Duration.seconds(15)
    /// How often a worker looks by itself, should every wake-up be lost.
    public var poll = Duration.seconds(1)
    /// How often it looks for dead workers.
    public var rescueEvery = Duration.milliseconds(500)
    /// After a drain begins: steps still running then are handed back.
    public var drainTimeout = Duration.seconds(25)

    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}
