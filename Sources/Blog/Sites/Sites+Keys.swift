import Crypto
import Database
import Engine
import ProductKit

extension Sites {
    /// Makes a key for a site. It can be read only now: what is stored is its hash. A removed site is in use again with it.
    package func issueKey(for site: Site) async throws -> IssuedKey {
        let secret = (0..<3).map { _ in Self.digits(random.bits()) }.joined()
        let key = "pr_\(site.instanceID)_\(secret)"
        let id = Self.hash(key)
        let prefix = String(key.prefix(key.count - secret.count + 4))
        let stored: SiteKey? = try await engine.database.transaction { transaction in
            let now = try transaction.now()
            try transaction.execute(
                """
                insert into api_keys (id, tenant_id, prefix, created_at)
                values (\(id), \(site.tenant), \(prefix), \(timestamp: now))
                """)
            try transaction.execute("update sites set closed_at = null where tenant_id = \(site.tenant)")
            return try transaction.one("select \(SiteKey.columns) from api_keys where id = \(id)")
        }
        guard let stored else { preconditionFailure("a key that was stored can be read") }
        return IssuedKey(key: key, stored: stored)
    }

    /// Newest first; at most 1,000.
    package func keys(of site: Site) async throws -> [SiteKey] {
        try await engine.database.read { transaction in
            try transaction.all(
                """
                select \(SiteKey.columns) from api_keys
                 where tenant_id = \(site.tenant) order by created_at desc, id limit 1000
                """)
        }
    }

    /// Makes a key useless, at once. Repeatable.
    ///
    /// - Parameter id: from ``SiteKey/id``.
    /// - Throws: `key.not_found`.
    package func revoke(_ id: String, of site: Site) async throws {
        let revoked = try await engine.database.transaction { transaction in
            let now = try transaction.now()
            return try transaction.execute(
                """
                update api_keys set revoked_at = coalesce(revoked_at, \(timestamp: now))
                 where id = \(id) and tenant_id = \(site.tenant)
                """)
        }
        guard revoked == 1 else { throw BlogError(.keyNotFound, "The site has no such key.") }
    }

    /// The site that a key opens.
    ///
    /// The look-up is by the key's hash, so that its time tells nothing about how much of a guess was right.
    /// - Throws: `key.invalid` for a key that is unknown or revoked, without saying which.
    package func authenticate(bearer key: String) async throws -> Site {
        let site = key.utf8.count > Self.keyBytesMax ? nil : try await lookups.answer(to: Self.hash(key))
        guard let site else {
            throw BlogError(
                .keyInvalid, "This key opens no site.",
                hint: "Send `Authorization: Bearer` with a key that was issued for the site and not revoked.")
        }
        return site
    }

    /// Looks up together the keys of calls that come at the same moment, until it is cancelled; without it each by itself.
    package func lookUpKeys() async { await lookups.run() }

    private static let keyBytesMax = 256
    static let lookupsMax = 200

    /// - Parameter keys: as stored, that is hashed.
    static func sites(ofKeys keys: [String], _ engine: Engine) async throws -> [Result<Site?, any Error>] {
        let found = try await engine.database.read { transaction in
            var found: [String: Site] = [:]
            try transaction.forEach(
                """
                select \(Site.joinedColumns), k.id
                  from \(table: Set(keys).sorted().map { [$0.sqlValue] })
                  join api_keys k on k.id = v.column1 and k.revoked_at is null join sites s on s.tenant_id = k.tenant_id and s.closed_at is null
                """
            ) { found[try $0[Site.columnsCount]] = try Site($0) }
            return found
        }
        return keys.map { .success(found[$0]) }
    }

    static func hash(_ key: String) -> String {
        SHA256.hash(data: Array(key.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// 64 bits as 13 letters and digits.
    private static func digits(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 36)
        return String(repeating: "0", count: 13 - digits.count) + digits
    }
}

extension SiteKey: RowDecodable {
    static let columns: SQL = "id, prefix, \(milliseconds: "created_at"), \(milliseconds: "revoked_at")"

    package init(_ row: borrowing Row) throws {
        id = try row[0]
        prefix = try row[1]
        createdAt = try Timestamp(stored: row[2])
        revokedAt = try (row[3] as Double?).map(Timestamp.init(stored:))
    }
}
