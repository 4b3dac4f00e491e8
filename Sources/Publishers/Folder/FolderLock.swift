#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One writer at a time in a site's folder, across threads and processes. The system frees it when a process dies.
enum FolderLock {
    /// Looks again every 5 ms: waiting in the system instead could not be given up, should another process be stopped
    /// while it holds the lock.
    static func with<Value>(_ path: String, patience: Duration, _ body: () throws -> Value) throws -> Value {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw FileFailure(path) }
        defer { close(file) }
        let pause: UInt32 = 5_000
        var looks = max(1, Int(patience / .microseconds(Int64(pause))))
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let failure = FileFailure(path)
            guard failure.errno == EWOULDBLOCK || failure.errno == EINTR else { throw failure }
            looks -= 1
            guard looks > 0 else {
                throw PublisherError(
                    .busy, "Another process keeps \(path) locked", hint: "See which process holds it: fuser \(path)",
                    retry: .backoff)
            }
            usleep(pause)
        }
        return try body()
    }
}
