import Foundation

/// A look at a port before a server takes it. Another program may still be quicker; the server then says so.
enum LoopbackPort {
    static func isFree(_ port: Int) -> Bool {
        guard let number = in_port_t(exactly: port) else { return false }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Refuses a port that is taken before anything is begun for it. The server itself has the last word.
    static func require(_ serving: Configuration.Serving) throws {
        guard serving.isOnLoopback, serving.port != 0, !isFree(serving.port) else { return }
        throw CommandError(
            "server.port_in_use", "Port \(serving.port) of \(serving.host) is in use.",
            hint: "Stop the other program, or choose another port with --port; 0 takes any free one.",
            status: .unavailable)
    }
}
