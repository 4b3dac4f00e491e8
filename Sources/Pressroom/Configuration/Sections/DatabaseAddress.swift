import Outbound

/// Where the database is.
enum DatabaseAddress: Sendable, Hashable {
    /// A file; a relative path counts from the working directory.
    case sqlite(path: String)
    /// A connection string for libpq, secret because it may hold a password, and the same without the password.
    case postgres(Secret, redacted: String)
}

extension SettingForm<DatabaseAddress> {
    /// `sqlite:PATH` or `postgres://…`.
    static var database: Self {
        Self(
            "`sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`",
            show: {
                switch $0 {
                case .sqlite(let path): "sqlite:\(path)"
                case .postgres(_, let redacted): redacted
                }
            },
            // A malformed address may still hold a password.
            showRefused: { $0.contains("@") || $0.contains("=") ? "‹address that may hold a password›" : quoted($0) },
            parse: { text in
                guard let colon = text.firstIndex(of: ":") else { return nil }
                let rest = text[text.index(after: colon)...]
                return switch text[..<colon].lowercased() {
                case "sqlite": sqlite(rest)
                case "postgres", "postgresql": postgres(text, rest)
                default: nil
                }
            })
    }

    /// `sqlite:a/b`, `sqlite:/a/b`, and the same with `//` before the path.
    private static func sqlite(_ rest: Substring) -> DatabaseAddress? {
        let path = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
        let isFile = !path.isEmpty && !path.hasPrefix(":") && !path.hasSuffix("/") && !path.contains("?")
        return isFile && !path.unicodeScalars.contains { $0.value < 32 } ? .sqlite(path: String(path)) : nil
    }

    private static func postgres(_ text: String, _ rest: Substring) -> DatabaseAddress? {
        guard rest.hasPrefix("//"), !text.contains(where: \.isWhitespace) else { return nil }
        let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2, let hosts = parts.last else { return nil }
        guard hosts.split(separator: ",").allSatisfy(isHost) else { return nil }
        return .postgres(Secret(text), redacted: redacted(rest.dropFirst(2 + authority.count), parts))
    }

    /// A name or address, perhaps in brackets, perhaps with a port.
    private static func isHost(_ host: Substring) -> Bool {
        let afterBrackets = host.hasPrefix("[") ? host.drop { $0 != "]" }.dropFirst() : host
        guard let colon = afterBrackets.lastIndex(of: ":") else { return true }
        return Int(afterBrackets[afterBrackets.index(after: colon)...]).map { (1...65_535).contains($0) } ?? false
    }

    /// Keeps the user and hosts, drops the password and every option but harmless ones.
    private static func redacted(_ tail: Substring, _ authority: [Substring]) -> String {
        let user = authority.count == 2 ? authority[0].prefix { $0 != ":" } : ""
        let hidden = authority.first?.contains(":") == true && authority.count == 2 ? ":‹secret›" : ""
        let path = tail.prefix { $0 != "?" }
        let options = tail.drop { $0 != "?" }.dropFirst().split(separator: "&").map(redactedOption)
        let query = options.isEmpty ? "" : "?" + options.joined(separator: "&")
        return "postgres://\(user)\(hidden)\(authority.count == 2 ? "@" : "")\(authority.last ?? "")\(path)\(query)"
    }

    private static func redactedOption(_ option: Substring) -> String {
        let shown: Set<Substring> = ["host", "port", "dbname", "sslmode", "application_name", "connect_timeout"]
        let name = option.prefix { $0 != "=" }
        return shown.contains(name) ? String(option) : "\(name)=‹secret›"
    }
}
