import Foundation
import Outbound

extension Configuration {
    /// How this machine reaches the internet. The names are those that other programs read, too.
    struct Outgoing: Sendable {
        /// Nil: directly.
        let proxy: OutboundProxy?

        init(_ reader: inout SettingReader) {
            var proxy: OutboundProxy? = reader.optional("HTTPS_PROXY", .proxy)
            let exceptions: [String] = reader.value("NO_PROXY", .hosts, default: [])
            proxy?.exceptions = exceptions
            self.proxy = exceptions.contains("*") ? nil : proxy
        }

        /// For every connection to the world outside.
        var connections: HTTPTransport.Settings {
            var settings = HTTPTransport.Settings()
            settings.proxy = proxy
            return settings
        }
    }
}

extension SettingForm<OutboundProxy> {
    /// An HTTP proxy, with or without user and password, which are never shown.
    fileprivate static var proxy: Self {
        Self(
            "a proxy such as `http://proxy.example:3128` or `http://user:password@proxy.example:3128`",
            show: { "http://\($0.user == nil ? "" : "‹secret›@")\($0.host):\($0.port)" },
            showRefused: { _ in "‹address that may hold a password›" }
        ) { text in
            guard let parts = URLComponents(string: text.contains("://") ? text : "http://\(text)"),
                parts.scheme?.lowercased() == "http", let host = parts.host, !host.isEmpty,
                ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil
            else { return nil }
            return OutboundProxy(
                host: host, port: parts.port ?? 80, user: parts.user, password: parts.password.map { Secret($0) })
        }
    }
}

extension SettingForm<[String]> {
    /// Hosts, each with everything below it, separated by commas or blanks.
    fileprivate static var hosts: Self {
        Self("hosts such as `example.org, .internal.example`, or `*` for all", show: { $0.joined(separator: ", ") }) {
            text in
            let words = text.split { $0 == "," || $0.isWhitespace }.map { word in
                word.lowercased().trimmingPrefix(/\*?\./)
            }
            let hosts = words.map { String($0) }.filter { !$0.isEmpty }
            return hosts.count > 1_000 ? nil : hosts
        }
    }
}
