import CSQLite
import Database

/// Stops a running statement when its task is cancelled or its time is up.
///
/// SQLite asks it every thousand steps of its virtual machine, on the connection's own thread. `sqlite3_interrupt` would
/// not do: it is lost between two statements, and it may hit the next body of a shared transaction.
final class StatementWatch {
    var limit: Duration
    private let limitUsual: Duration
    private var interruption: Interruption?
    private var deadline: ContinuousClock.Instant?
    private var stoppable = false
    /// Why the last statement was stopped, if it was.
    private(set) var reason: (any Error)?

    static let stepsBetweenLooks: Int32 = 1000

    init(limit: Duration) {
        self.limit = limit
        limitUsual = limit
    }

    func attach(to handle: SQLiteHandle) {
        // Unretained: the connection holds both, and closes the handle first.
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            handle.pointer, Self.stepsBetweenLooks,
            { context in
                guard let context else { return 0 }
                return Unmanaged<StatementWatch>.fromOpaque(context).takeUnretainedValue().look() ? 1 : 0
            }, context)
    }

    func begin(_ interruption: Interruption) { self.interruption = interruption }

    func end() {
        interruption = nil
        limit = limitUsual
        stoppable = false
    }

    /// - Throws: `CancellationError` when the task wishes to stop.
    func check() throws { try interruption?.check() }

    func start(stoppable: Bool) {
        reason = nil
        self.stoppable = stoppable
        deadline = stoppable ? .now + limit : nil
    }

    private func look() -> Bool {
        guard stoppable, let deadline else { return false }
        if interruption?.isRequested == true {
            reason = CancellationError()
        } else if .now > deadline {
            reason = DatabaseError(.timeout, "a statement took longer than \(limit)", sqlState: "57014")
        }
        return reason != nil
    }
}
