/// An absolute http or https address, parsed once: what the guard checks is what the socket connects to.
///
/// The grammar is narrower than RFC 3986 on purpose. No user information, no fragment, no characters outside ASCII, no
/// trailing dot: each of them has made two parsers disagree about the host. Prints without its query.
package struct OutboundURL: Sendable, Hashable {
    package enum Scheme: String, Sendable { case http, https }

    package let scheme: Scheme
    /// Lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Begins with "/", without query.
    package let path: String
    /// Without "?"; nil when there is none.
    package let query: String?

    /// - Throws: ``OutboundError/Code/invalidURL``; the message does not repeat the text, which may hold a key.
    package init(_ text: String) throws(OutboundError) {
        guard let parsed = URLParser.parse(text) else {
            throw OutboundError(
                .invalidURL, "This is not an address that can be called",
                hint: "Write it as https://host/path, without user name, spaces or characters outside ASCII.",
                retry: .never, sent: false)
        }
        self = parsed
    }

    init(scheme: Scheme, host: String, port: Int, path: String, query: String?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// Scheme, host and port: the unit in which destinations are allowed and keys are given out.
    package var origin: String { "\(scheme.rawValue)://\(authority)" }
    /// The whole address, query included. For the socket, never for a log.
    package var full: String { origin + path + (query.map { "?" + $0 } ?? "") }

    /// The address below this one: `https://host/v1` and `models` give `https://host/v1/models`.
    ///
    /// - Precondition: `path` and `query` hold only characters that a URL may hold; escape outside values before.
    package func appending(_ path: String, query: String? = nil) -> OutboundURL {
        precondition(
            (path + (query ?? "")).utf8.allSatisfy(URLParser.isVisible), "a path must be escaped before it is appended")
        let base = self.path.hasSuffix("/") ? String(self.path.dropLast()) : self.path
        return OutboundURL(scheme: scheme, host: host, port: port, path: base + "/" + path, query: query)
    }

    /// The address at another path of the same server: `https://host/v1` and `wix` give `https://host/wix`.
    ///
    /// - Precondition: `path` holds only characters that a path may hold.
    package func at(_ path: String) -> OutboundURL {
        OutboundURL(scheme: scheme, host: host, port: port, path: "", query: nil).appending(path)
    }

    /// Escapes everything but RFC 3986's unreserved characters.
    package static func escape(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.append(Character(Unicode.Scalar(byte)))
            default:
                let digits = Array("0123456789ABCDEF")
                escaped += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return escaped
    }

    private var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == .https ? 443 : 80) ? name : "\(name):\(port)"
    }
}

extension OutboundURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { origin + path }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
