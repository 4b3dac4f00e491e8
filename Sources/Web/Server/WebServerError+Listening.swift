import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension WebServerError {
    /// Translates what the system answered to `bind` and `listen`.
    init(listeningOn host: String, port: Int, failedWith error: any Error) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init(
                code: .portInUse, message: "Port \(port) on \(host) is in use by another program.",
                hint: "Stop that program, or choose another port with --port (0 lets the system choose).")
        case EADDRNOTAVAIL:
            self.init(
                code: .addressNotAvailable, message: "This machine has no address \(host).",
                hint: "Use 127.0.0.1 for this machine only, or 0.0.0.0 for all its addresses.")
        case EACCES, EPERM:
            self.init(
                code: .notPermitted, message: "The system does not let this user listen on port \(port).",
                hint: "Ports below 1024 need special rights; choose a higher one with --port.")
        default:
            self.init(
                code: .cannotListen, message: "Cannot listen on \(host) port \(port): \(error).",
                hint: "Check the host name and the port.")
        }
    }
}
