/// What is applied, what is pending, and what of it this program does not know. Pure.
struct MigrationPlan {
    let statuses: [MigrationStatus]
    private let sources: [MigrationSource]

    init(sources: [MigrationSource], applied: [AppliedMigration], dialect: Dialect) {
        self.sources = sources
        var rows = Dictionary(uniqueKeysWithValues: applied.map { (Key(source: $0.source, number: $0.number), $0) })
        var statuses: [MigrationStatus] = []
        for source in sources {
            for migration in source.migrations {
                let row = rows.removeValue(forKey: Key(source: source.name, number: migration.number))
                let state: MigrationStatus.State =
                    row.map { $0.checksum == migration.checksum(dialect) ? .applied : .changed } ?? .pending
                statuses.append(
                    MigrationStatus(
                        source: source.name, number: migration.number, name: migration.name, state: state,
                        appliedAt: row?.appliedAt))
            }
        }
        let unknown = rows.values.sorted { ($0.source, $0.number) < ($1.source, $1.number) }
        self.statuses =
            statuses
            + unknown.map {
                MigrationStatus(
                    source: $0.source, number: $0.number, name: $0.name, state: .unknown, appliedAt: $0.appliedAt)
            }
    }

    private struct Key: Hashable { let source: String, number: Int }

    func migration(_ status: MigrationStatus) -> Migration? {
        sources.first { $0.name == status.source }?.migrations.first { $0.number == status.number }
    }

    var nextPending: (MigrationStatus, Migration)? {
        guard let status = statuses.first(where: { $0.state == .pending }), let migration = migration(status) else {
            return nil
        }
        return (status, migration)
    }

    /// By time of application; what has the same time, in the opposite of the order of application.
    var newestFirst: [MigrationStatus] {
        statuses.enumerated()
            .filter { $0.element.appliedAt != nil }
            .sorted { ($0.element.appliedAt ?? 0, $0.offset) > ($1.element.appliedAt ?? 0, $1.offset) }
            .map(\.element)
    }

    func refuseUnknown() throws {
        if let newer = statuses.first(where: { $0.state == .unknown }) {
            throw DatabaseError(
                .schemaNewer,
                "the database has migration \(newer.source) \(newer.number) (\(newer.name)), newer than this program")
        }
        if let changed = statuses.first(where: { $0.state == .changed }) {
            throw DatabaseError(
                .schemaChanged,
                "migration \(changed.source) \(changed.number) (\(changed.name)) has changed since it was applied",
                hint: "Put the migration back as it was and add a new one.")
        }
    }

    func refusePending() throws {
        let pending = statuses.filter { $0.state == .pending }
        guard let first = pending.first else { return }
        let rest = pending.count == 1 ? "" : " and \(pending.count - 1) more"
        throw DatabaseError(
            .schemaBehind, "the database lacks migration \(first.source) \(first.number) (\(first.name))\(rest)")
    }
}
