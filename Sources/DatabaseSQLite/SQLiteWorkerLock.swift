import Database
import Foundation

/// The right of one process to run workers on a database file, kept until it is let go or the process ends, however it ends.
///
/// A lock on `<database>.worker-lock`; the file itself stays and means nothing.
public final class SQLiteWorkerLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``DatabaseError/Kind/workerRunning`` when another process, or another lock of this one, has it.
    public init(database path: String) throws {
        let lockPath = path + ".worker-lock"
        descriptor = open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError(
                .notWritable, "cannot create \(lockPath): \(String(cString: strerror(errno)))",
                hint: "Check the folder's permissions.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // `deinit` closes it. Closed here as well, it might by then be somebody else's.
            throw DatabaseError(
                .workerRunning, "another process\(Self.owner(descriptor)) already runs workers on \(path)",
                hint: "Stop it, start this one with --no-worker, or use PostgreSQL for several workers.")
        }
        Self.write(owner: ProcessInfo.processInfo.processIdentifier, descriptor)
    }

    deinit { close(descriptor) }

    private static func owner(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let number = Int32(String(decoding: bytes[..<count], as: UTF8.self)) else { return "" }
        return " (\(number))"
    }

    /// Only for the other's message: whether the lock is held is the kernel's to say.
    private static func write(owner: Int32, _ descriptor: Int32) {
        let text = Array(String(owner).utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, text, text.count, 0)
    }
}
