import Database
import Engine
import Outbound
import ProductKit

/// Credentials of single sites: stored sealed, and never shown to anybody.
package struct SiteCredentials: Sendable {
    private let database: any Database
    /// Nil where none can be sealed or opened.
    private let vault: CredentialVault?

    package init(_ database: any Database, vault: CredentialVault?) {
        self.database = database
        self.vault = vault
    }

    private struct Stored: Codable {
        var appId: String
        var appSecret: String
    }

    /// Stores what opens a site at Wix, in place of what was stored.
    ///
    /// - Throws: `credentials.no_key` where there is nothing to seal it with.
    @discardableResult
    package func set(_ credentials: WixCredentials, of site: Site) async throws -> CredentialNote {
        let stored = Stored(appId: credentials.appID, appSecret: credentials.appSecret.exposed)
        let text = try StoredJSON.text(stored)
        let sealed = try requireVault().seal(text, for: Self.seat(site.tenant, .wix))
        let at = try await database.transaction { transaction in
            let now = try transaction.now()
            try transaction.execute(
                """
                insert into site_credentials (tenant_id, publisher, key_id, sealed, changed_at)
                values (\(site.tenant), \(PublisherKind.wix.rawValue), \(sealed.key), \(sealed.text), \(Int64(now)))
                on conflict (tenant_id, publisher) do update
                   set key_id = excluded.key_id, sealed = excluded.sealed, changed_at = excluded.changed_at
                """)
            return now
        }
        return CredentialNote(publisher: .wix, changedAt: Timestamp(milliseconds: Int64(at)))
    }

    /// Removes what opened a site elsewhere. Repeatable.
    /// - Returns: whether there was any.
    @discardableResult
    package func remove(of site: Site) async throws -> Bool {
        try await database.transaction { transaction in
            try transaction.execute("delete from site_credentials where tenant_id = \(site.tenant)") > 0
        }
    }

    /// Which credentials a site has, and since when.
    package func notes(of site: Site) async throws -> [CredentialNote] {
        try await database.read { transaction in
            var notes: [CredentialNote] = []
            try transaction.forEach(
                """
                select publisher, changed_at from site_credentials where tenant_id = \(site.tenant) order by publisher
                """
            ) { row in
                guard let publisher = PublisherKind(rawValue: try row[0]) else { return }
                notes.append(CredentialNote(publisher: publisher, changedAt: Timestamp(milliseconds: try row[1])))
            }
            return notes
        }
    }

    /// What opens a site at Wix; nil where the installation's own app does.
    ///
    /// - Throws: `credentials.no_key`, `credentials.unreadable`.
    package func wix(ofInstance instance: String) async throws -> WixCredentials? {
        let found: (tenant: TenantID, sealed: CredentialVault.Sealed)? = try await database.read { transaction in
            var found: (TenantID, CredentialVault.Sealed)?
            try transaction.forEach(
                """
                select c.tenant_id, c.key_id, c.sealed from sites s join site_credentials c on c.tenant_id = s.tenant_id
                 where s.instance_id = \(instance) and c.publisher = \(PublisherKind.wix.rawValue)
                """
            ) { found = (try $0[0], CredentialVault.Sealed(key: try $0[1], text: try $0[2])) }
            return found
        }
        guard let found else { return nil }
        let stored: Stored = try StoredJSON.value(open(found.sealed, of: found.tenant, .wix))
        return WixCredentials(appID: stored.appId, appSecret: Secret(stored.appSecret))
    }

    /// Seals anew, with the newest key, what an older one sealed.
    ///
    /// - Returns: how many were.
    /// - Throws: `credentials.unreadable` when one of them opens with no key that is here; the others are done.
    package func reseal() async throws -> Int {
        let vault = try requireVault()
        struct Row: Sendable {
            let tenant: TenantID
            let publisher: String
            let sealed: CredentialVault.Sealed
        }
        let rows = try await database.read { transaction in
            var rows: [Row] = []
            try transaction.forEach(
                "select tenant_id, publisher, key_id, sealed from site_credentials where key_id <> \(vault.sealingKey)"
            ) {
                rows.append(
                    Row(tenant: try $0[0], publisher: try $0[1], sealed: .init(key: try $0[2], text: try $0[3])))
            }
            return rows
        }
        var (done, unreadable) = (0, 0)
        for row in rows {
            guard let publisher = PublisherKind(rawValue: row.publisher) else { continue }
            let seat = Self.seat(row.tenant, publisher)
            guard let text = try? vault.open(row.sealed, for: seat) else {  // Said below, once for all.
                unreadable += 1
                continue
            }
            let fresh = try vault.seal(text, for: seat)
            // Unless somebody has stored others meanwhile.
            done += try await database.transaction { transaction in
                try transaction.execute(
                    """
                    update site_credentials set key_id = \(fresh.key), sealed = \(fresh.text)
                     where tenant_id = \(row.tenant) and publisher = \(row.publisher) and sealed = \(row.sealed.text)
                    """)
            }
        }
        guard unreadable == 0 else { throw Self.unreadable }
        return done
    }

    private func open(
        _ sealed: CredentialVault.Sealed, of tenant: TenantID, _ publisher: PublisherKind
    ) throws -> String {
        do { return try requireVault().open(sealed, for: Self.seat(tenant, publisher)) } catch is CredentialVault
            .Unopenable
        { throw Self.unreadable }
    }

    private func requireVault() throws -> CredentialVault {
        guard let vault else {
            throw BlogError(
                .credentialsNoKey, "There is no key to seal credentials with.",
                hint: "Set CREDENTIALS_KEY_FILE, a file with 32 random bytes in Base64, the same for every process.")
        }
        return vault
    }

    private static func seat(_ tenant: TenantID, _ publisher: PublisherKind) -> CredentialVault.Seat {
        CredentialVault.Seat(tenant: tenant.rawValue, purpose: publisher.rawValue)
    }

    private static let unreadable = BlogError(
        .credentialsUnreadable, "Stored credentials open with none of the keys.",
        hint: "Put the key that sealed them into CREDENTIALS_KEY_FILE as well, or store the credentials again.")
}
