import Foundation

/// How many files and connections this process may have open.
enum OpenFiles {
    /// What a server with thousands of connections needs, and far below what would make others suffer.
    private static let wanted: rlim_t = 65_536

    /// Raises the soft limit as far as the hard one allows: many systems start programs with 1,024, which 5,000 callers
    /// exceed at once. What cannot be raised stays.
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else {
            return
        }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
