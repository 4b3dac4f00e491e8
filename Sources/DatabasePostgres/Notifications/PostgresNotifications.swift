public import Database
public import Logging
import Synchronization

/// Wake-ups through LISTEN and NOTIFY, on one connection of its own, which also holds a worker's session lock.
///
/// After the connection was lost every channel is woken once, for something may have been missed.
public final class PostgresNotifications: Notifications {
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private let listener = Listener()
    let board = NotificationBoard()

    /// Between two attempts to connect: this much at first, doubling.
    static let reconnectDelay = Duration.milliseconds(50)
    static let reconnectDelayMax = Duration.milliseconds(500)

    /// - Throws: ``DatabaseError/Kind/badConfiguration``.
    public init(
        _ configuration: PostgresConfiguration,
        logger: Logger = Logger(label: "pressroom.notifications") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        var own = configuration
        // A wake-up need not survive a power cut, so it need not wait for the disk either.
        own.settings["synchronous_commit"] = "off"
        _ = try ConnectionInfo(own)
        self.configuration = own
        self.logger = logger
    }

    public var travelWithCommits: Bool { true }

    public func post(_ channel: String, _ payload: String) async { board.post(channel, payload) }

    public func subscribe(_ channel: String) -> AsyncStream<String> {
        defer { board.wake() }
        return board.subscribers.add(channel)
    }

    /// Holds this lock on the connection from now on, and again after every reconnect; nil lets it go.
    public func hold(_ lock: SessionLock?) { board.wish(for: lock) }

    /// The lock that is really held at this moment.
    public var heldLock: SessionLock? { board.heldLock }

    public var isConnected: Bool { board.isConnected }

    public func run() async throws {
        var delay = Self.reconnectDelay
        while !Task.isCancelled {
            let interruption = Interruption()
            interruption.listen { [board] in board.wake() }
            do {
                try await withTaskCancellationHandler {
                    try await listener.serve(configuration, board, until: interruption)
                } onCancel: {
                    interruption.request()
                }
            } catch let error as DatabaseError {
                if board.disconnect() { delay = Self.reconnectDelay }
                logger.warning(
                    "notifications are interrupted", metadata: ["code": "\(error.code)", "reason": "\(error.message)"])
            }
            if Task.isCancelled { break }
            try? await configuration.clock.sleep(for: delay)  // cancelled: the loop ends by itself
            delay = min(delay * 2, Self.reconnectDelayMax)
        }
        _ = board.disconnect()
    }
}

/// The thread that waits for the server.
private actor Listener {
    private nonisolated let thread = ThreadExecutor(name: "postgres-listen")
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    deinit { thread.shutdown() }

    func serve(
        _ configuration: PostgresConfiguration, _ board: NotificationBoard, until interruption: Interruption
    ) throws {
        let link = try PostgresLink(ConnectionInfo(configuration), pulse: ServerPulse(configuration))
        defer { link.close() }
        var session = ListenSession(link: link, board: board, limit: configuration.statementLimit + .seconds(3))
        try session.serve(until: interruption)
    }
}
