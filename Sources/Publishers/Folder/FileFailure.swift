#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A system call on a file that failed.
struct FileFailure: Error, CustomStringConvertible {
    let path: String
    let errno: Int32

    init(_ path: String) {
        self.path = path
        // Read at once: the next call may change it.
        #if canImport(Glibc)
            self.errno = Glibc.errno
        #elseif canImport(Musl)
            self.errno = Musl.errno
        #else
            self.errno = Darwin.errno
        #endif
    }

    var isMissing: Bool { errno == ENOENT }
    var reason: String { String(cString: strerror(errno)) }
    var description: String { "\(path): \(reason)" }

    var publisherError: PublisherError {
        let hint =
            switch errno {
            case ENOSPC, EDQUOT: "Free some space on that disk."
            case EROFS: "That file system is read-only: choose another folder."
            case ENOTDIR, EEXIST: "A file stands where a folder is needed: move it, or choose another folder."
            default: "Make the folder writable for this user, or choose another one."
            }
        // A full disk may be emptied; permissions wait for a person.
        let mayPass = errno == ENOSPC || errno == EDQUOT || errno == EMFILE || errno == ENFILE || errno == EIO
        return PublisherError(
            .unwritable, "\(path) cannot be written: \(reason)", hint: hint, retry: mayPass ? .backoff : .never,
            cause: self)
    }
}
