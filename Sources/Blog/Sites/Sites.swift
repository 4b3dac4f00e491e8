import Database
import Engine
import Foundation
import ProductKit

/// The sites that may ask for articles, and the keys that open them.
package struct Sites: Sendable {
    let engine: Engine
    let random: RandomSource
    let lookups: Batcher<String, Site?>
    /// What opens single sites elsewhere.
    package let credentials: SiteCredentials

    /// - Parameter random: makes keys; must be the system's generator in production.
    /// - Parameter vault: seals single sites' credentials; nil where none can be kept.
    package init(engine: Engine, random: RandomSource, vault: CredentialVault? = nil) {
        self.engine = engine
        self.random = random
        credentials = SiteCredentials(engine.database, vault: vault)
        lookups = Batcher(upTo: Self.lookupsMax) { keys in try await Self.sites(ofKeys: keys, engine) }
    }

    /// Registers a site.
    ///
    /// - Parameter weight: its share of the quotas beside the other sites; greater than 0.
    /// - Throws: `site.exists`; `validation.failed`.
    package func add(
        instanceID: String, name: String, settings: SiteSettings = SiteSettings(), weight: Double = 1
    ) async throws -> Site {
        let site = try await store(instanceID, name, settings, weight)
        guard let site else {
            throw BlogError(
                .siteExists, "There is a site \(instanceID) already.",
                hint: "Choose another id, or change its settings.")
        }
        return site
    }

    /// Registers a site unless it is registered; what it has keeps, then.
    package func ensure(
        instanceID: String, name: String, settings: SiteSettings = SiteSettings(), weight: Double = 1
    ) async throws -> Site {
        if let site = try await store(instanceID, name, settings, weight) { return site }
        return try await find(instanceID)
    }

    /// Every site, by name. At most 10,000.
    package func list() async throws -> [Site] {
        try await engine.database.read { transaction in
            try transaction.all("select \(Site.columns) from sites order by instance_id limit 10000")
        }
    }

    /// - Throws: `site.not_found`.
    package func find(_ instanceID: String) async throws -> Site {
        let found: Site? = try await engine.database.read { transaction in
            try transaction.one("select \(Site.columns) from sites where instance_id = \(instanceID)")
        }
        guard let found else {
            throw BlogError(
                .siteNotFound, "There is no such site.", hint: "`pressroom sites` lists the sites that are registered.")
        }
        return found
    }

    /// Changes what later requests of the site fall back on.
    ///
    /// - Throws: `validation.failed`; `site.not_found`.
    package func update(_ settings: SiteSettings, of site: Site) async throws -> Site {
        guard settings.problems.isEmpty else { throw BlogError.invalid(settings.problems) }
        let json = try StoredJSON.text(settings)
        try await engine.database.transaction { transaction in
            _ = try transaction.execute("update sites set settings = \(json) where tenant_id = \(site.tenant)")
        }
        return try await find(site.instanceID)
    }

    /// Changes what a body names; fields that are absent keep what they are, also when two change others at once.
    ///
    /// - Returns: the settings as they are then.
    /// - Throws: `request.malformed`; `validation.failed`; `site.not_found`.
    package func change(_ site: Site, by body: [UInt8]) async throws -> SiteSettings {
        let changed: SiteSettings? = try await engine.database.transaction { transaction in
            let stored: String? = try transaction.value(
                "select settings from sites where tenant_id = \(site.tenant) \(.lock(.noKeyUpdate))")
            guard let stored else { return nil }
            let settings = try SiteSettings.read(body, over: StoredJSON.value(stored))
            try transaction.execute(
                "update sites set settings = \(StoredJSON.text(settings)) where tenant_id = \(site.tenant)")
            return settings
        }
        if let changed { return changed }
        return try await find(site.instanceID).settings
    }

    /// Ends a site's keys and its owner's entrance from Wix, and pauses it; what it has made, and its history, stay.
    /// Repeatable. A new key opens it again, paused as it is.
    ///
    /// - Returns: how many keys were ended.
    @discardableResult
    package func close(_ site: Site) async throws -> Int {
        try await engine.database.transaction { transaction in
            let now = try transaction.now()
            let ended = try transaction.execute(
                """
                update api_keys set revoked_at = \(timestamp: now)
                 where tenant_id = \(site.tenant) and revoked_at is null
                """)
            try transaction.execute(
                """
                update sites set closed_at = coalesce(closed_at, \(timestamp: now)) where tenant_id = \(site.tenant)
                """)
            try Self.remember(wasPaused: true, site.instanceID, in: transaction)
            try engine.hold(site.tenant, in: transaction)
            return ended
        }
    }

    /// Nil when there is one of this name.
    private func store(
        _ instanceID: String, _ name: String, _ settings: SiteSettings, _ weight: Double
    ) async throws -> Site? {
        var problems = Self.problems(instanceID: instanceID, name: name) + settings.problems
        if !(weight > 0 && weight <= 1_000) {
            problems.append(FieldProblem("weight", "must be greater than 0 and at most 1000"))
        }
        guard problems.isEmpty else { throw BlogError.invalid(problems) }
        let json = try StoredJSON.text(settings)
        return try await engine.transaction { transaction, _ in
            let tenant = try engine.ensureTenant(named: instanceID, weight: weight, in: transaction)
            let now = try transaction.now()
            let stored = try transaction.execute(
                """
                insert into sites (tenant_id, instance_id, name, settings, created_at)
                values (\(tenant.id), \(instanceID), \(TextRules.trim(name)), \(json), \(timestamp: now))
                on conflict do nothing
                """)
            guard stored == 1 else { return nil }
            return try transaction.one("select \(Site.columns) from sites where tenant_id = \(tenant.id)")
        }
    }

    private static func problems(instanceID: String, name: String) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if instanceID.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.-]{0,63}/) == nil {
            problems.append(
                FieldProblem("site", "must be 1 to 64 letters, digits, -, _ or ., and begin with a letter or digit"))
        }
        if case .wrong(let complaint) = TextRules.check(name, length: 1...100) {
            problems.append(FieldProblem("name", complaint))
        }
        return problems
    }
}

extension Site: RowDecodable {
    static let columns: SQL =
        "tenant_id, instance_id, name, settings, \(milliseconds: "created_at"), \(milliseconds: "closed_at")"
    /// The same in a join, where sites are called s.
    static let joinedColumns: SQL =
        """
        s.tenant_id, s.instance_id, s.name, s.settings, \(milliseconds: "s.created_at"), \(milliseconds: "s.closed_at")
        """
    static let columnsCount = 6

    package init(_ row: borrowing Row) throws {
        tenant = try row[0]
        instanceID = try row[1]
        name = try row[2]
        settings = try StoredJSON.value(row[3])
        createdAt = try Timestamp(stored: row[4])
        closedAt = try (row[5] as Double?).map(Timestamp.init(stored:))
    }
}
