import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Finds every address of a host. An argument, so that tests can let a name change its meaning.
package struct HostResolver: Sendable {
    package let addresses: @Sendable (_ host: String) async throws -> [IPAddress]

    package init(_ addresses: @escaping @Sendable (_ host: String) async throws -> [IPAddress]) {
        self.addresses = addresses
    }

    /// The machine's own resolver, asked on a thread that may block. Cancellation abandons the look-up.
    package static let system = HostResolver { host in
        let promise = NIOSingletons.posixEventLoopGroup.any().makePromise(of: [IPAddress].self)
        return try await withTaskCancellationHandler {
            NIOThreadPool.singleton.submit { _ in promise.completeWith(Result { try lookUp(host) }) }
            return try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }

    private static func lookUp(_ host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            let reason = gai_strerror(status).map { String(cString: $0) } ?? "unknown"
            throw OutboundError(
                .unreachable, "\(host) cannot be found: \(reason)",
                hint: "Check the name and this machine's name service.", retry: .backoff, sent: false)
        }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.compactMap { $0.flatMap { address($0.pointee) } }
    }

    private static func address(_ info: addrinfo) -> IPAddress? {
        guard let socket = info.ai_addr else { return nil }
        let bytes = UnsafeRawBufferPointer(start: socket, count: Int(info.ai_addrlen))
        switch info.ai_family {
        case AF_INET: return .four(Array(bytes[4..<8]))
        case AF_INET6: return .six(Array(bytes[8..<24]))
        default: return nil
        }
    }
}
