import Database
import Engine
import Foundation

/// The sites that may ask for articles, and the keys that open them.
package struct Sites: Sendable {
    let engine: Engine
    let random: RandomSource
    let lookups: Batcher<String, Site?>

    /// - Parameter random: makes keys; must be the system's generator in production.
    package init(engine: Engine, random: RandomSource) {
        self.engine = engine
        self.random = random
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
    static let columns: SQL = "tenant_id, instance_id, name, settings, \(milliseconds: "created_at")"

    package init(_ row: borrowing Row) throws {
        tenant = try row[0]
        instanceID = try row[1]
        name = try row[2]
        settings = try StoredJSON.value(row[3])
        createdAt = try Timestamp(storedMilliseconds: row[4])
    }
}
