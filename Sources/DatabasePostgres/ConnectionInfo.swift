import CLibPQ
import Database
import Foundation

/// Keywords and values as libpq takes them.
struct ConnectionInfo: Sendable {
    let values: [String: String]
    /// How long one attempt to connect may take.
    let limit: Duration

    /// - Throws: ``DatabaseError/Kind/badConfiguration``, without libpq's words: they may quote the password.
    init(_ configuration: PostgresConfiguration) throws {
        var values = try Self.parse(configuration.url)
        let defaults = [
            "connect_timeout": String(max(2, configuration.connectLimit.components.seconds)),
            "application_name": configuration.applicationName,
            // A server that vanished without a word is noticed within about 20 s, also while it is only waited for.
            "keepalives_idle": "10", "keepalives_interval": "3", "keepalives_count": "3", "tcp_user_timeout": "10000",
        ]
        values.merge(defaults) { given, _ in given }
        values["client_encoding"] = "UTF8"
        values["options"] = [values["options"], try Self.options(configuration)].compactMap(\.self).joined(
            separator: " ")
        self.values = values
        limit = values["connect_timeout"].flatMap { Int($0) }.map { .seconds($0) } ?? configuration.connectLimit
    }

    /// Only libpq goes on to the next host when one does not answer in its time.
    var hasSeveralHosts: Bool { (values["host"] ?? values["hostaddr"] ?? "").contains(",") }

    /// Lends keywords and values as two null-terminated lists.
    func withKeywordsAndValues<R>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> R
    ) -> R {
        let pairs = values.map { ($0.key, $0.value) }
        return withCStrings(pairs.map(\.0)) { keywords in
            withCStrings(pairs.map(\.1)) { values in body(keywords, values) }
        }
    }

    private static func options(_ configuration: PostgresConfiguration) throws -> String {
        var settings = configuration.settings
        settings["statement_timeout"] = String(configuration.statementLimit.milliseconds)
        settings["idle_in_transaction_session_timeout"] = String(configuration.idleInTransactionLimit.milliseconds)
        settings["client_min_messages"] = "warning"
        settings["timezone"] = "UTC"
        settings["standard_conforming_strings"] = "on"
        settings["bytea_output"] = "hex"
        settings["extra_float_digits"] = "1"
        return try settings.sorted { $0.key < $1.key }.map(option).joined(separator: " ")
    }

    private static func option(_ name: String, _ value: String) throws -> String {
        guard name.utf8.allSatisfy({ byte in byte == 0x5f || byte == 0x2e || (0x61...0x7a).contains(byte) }) else {
            throw DatabaseError(.badConfiguration, "\(name) is not the name of a PostgreSQL setting")
        }
        // Inside `options` a backslash keeps the character after it.
        let escaped = value.flatMap { $0 == "\\" || $0.isWhitespace ? ["\\", $0] : [$0] }
        return "-c \(name)=\(String(escaped))"
    }

    private static func parse(_ url: String) throws -> [String: String] {
        guard let entries = PQconninfoParse(url, nil) else {
            throw DatabaseError(
                .badConfiguration, "the database address is not understood",
                hint: "DATABASE_URL looks like postgres://user:password@host:5432/database.")
        }
        defer { PQconninfoFree(entries) }
        var values: [String: String] = [:]
        var entry = entries
        while let keyword = entry.pointee.keyword {
            if let value = entry.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            entry += 1
        }
        return values
    }
}

extension Duration {
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

/// Lends a null-terminated list of C strings.
private func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    let pointers = copies.map { UnsafePointer($0) } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("a list with its null has an address") }
        return body(start)
    }
}
