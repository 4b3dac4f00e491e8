import AsyncHTTPClient
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension HTTPTransport {
    /// The client's errors in our words. Cancellation stays what it is.
    static func translate(_ error: any Error, _ url: OutboundURL) -> any Error {
        switch error {
        case is CancellationError, is OutboundError: error
        case let error as HTTPClientError: translate(error, url)
        case let error as NIOConnectionError:
            unreachable(url, error.connectionErrors.isEmpty ? "unknown name" : "no connection", hint(url), error)
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            unreachable(url, "connection refused", hint(url), error)
        case _ where isHandshake(error):
            unreachable(
                url, "its certificate or TLS version is not accepted", "Check \(url.host)'s certificate.", error)
        default: interrupted(url, error)
        }
    }

    private static func translate(_ error: HTTPClientError, _ url: OutboundURL) -> any Error {
        switch error {
        case .cancelled: CancellationError()
        case .alreadyShutdown:
            OutboundError(.closed, "The connection pool is closed", retry: .backoff, sent: false, cause: error)
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .httpProxyHandshakeTimeout:
            unreachable(url, "no connection", hint(url), error)
        case .proxyAuthenticationRequired, .invalidProxyResponse:
            unreachable(url, "the proxy refused", "Check the proxy's address, user and password.", error)
        default: interrupted(url, error)
        }
    }

    private static func hint(_ url: OutboundURL) -> String { "Check that \(url.origin) is right and running." }

    private static func interrupted(_ url: OutboundURL, _ cause: any Error) -> OutboundError {
        OutboundError(
            .interrupted, "The connection to \(url.host) broke before the answer was whole", retry: .backoff,
            sent: true, cause: cause)
    }

    private static func unreachable(
        _ url: OutboundURL, _ why: String, _ hint: String, _ cause: any Error
    ) -> OutboundError {
        OutboundError(
            .unreachable, "\(url.host) cannot be reached: \(why)", hint: hint, retry: .backoff, sent: false,
            cause: cause)
    }

    /// By name, because the TLS library's errors are not among what we import.
    private static func isHandshake(_ error: any Error) -> Bool {
        let name = "\(type(of: error))"
        return name.contains("SSL") && "\(error)".lowercased().contains("handshake")
    }
}
