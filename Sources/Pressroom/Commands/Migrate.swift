import ArgumentParser
import Database
import Logging

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's schema up to date, or back.",
        subcommands: [Up.self, Down.self, Status.self])

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Apply every pending migration.")
        @OptionGroup var common: CommonOptions
        func run() async throws {
            try await Migrate.with(common) { migrator in
                try await migrator.up()
            } report: { done in
                done.isEmpty ? "Nothing to do: the schema is up to date." : "Applied:"
            }
        }
    }

    struct Down: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Undo the latest migrations. What their tables held is lost.")
        @OptionGroup var common: CommonOptions
        @Option(help: "How many migrations to undo.") var steps = 1
        @Flag(help: "Yes, drop the tables.") var force = false

        func validate() throws {
            guard steps >= 1 else { throw ValidationError("--steps counts from 1") }
            guard force else { throw ValidationError("undoing a migration drops its tables; add --force to do it") }
        }
        func run() async throws {
            try await Migrate.with(common) { migrator in
                try await migrator.down(steps: steps)
            } report: { done in
                done.isEmpty ? "Nothing to undo." : "Undone:"
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List migrations and whether they are applied.")
        @OptionGroup var common: CommonOptions
        func run() async throws {
            try await Migrate.with(common) { migrator in
                try await migrator.status()
            } report: { _ in
                nil
            }
        }
    }

    private struct Line: Encodable {
        let source: String
        let number: Int
        let name: String
        let state: String
    }

    private static func with(
        _ common: CommonOptions, _ body: @Sendable (Migrator) async throws -> [MigrationStatus],
        report headline: ([MigrationStatus]) -> String?
    ) async throws {
        let settings = try common.settings()
        let storage = try await OpenStorage.open(settings.storage, logger: Surroundings.logger(settings.logs))
        let statuses: [MigrationStatus]
        do {
            statuses = try await body(storage.migrator)
        } catch {
            await storage.close()
            throw error
        }
        await storage.close()
        if common.json {
            JSONReport.print([
                "migrations": statuses.map {
                    Line(source: $0.source, number: $0.number, name: $0.name, state: "\($0.state)")
                }
            ])
            return
        }
        if let headline = headline(statuses) { TextReport.print(headline) }
        TextReport.print(TextReport.table(statuses.map { [$0.source, "\($0.number)", "\($0.state)", $0.name] }))
    }
}
