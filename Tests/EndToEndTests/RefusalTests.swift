import Foundation
import Testing

@Suite struct `The command line refuses` {
    private func expect(
        _ arguments: [String], environment: [String: String] = [:], status: Int32, code: String,
        prepare: (URL) throws -> Void = { _ in }
    ) async throws {
        try await Workplace.with { place in
            try prepare(place.folder)
            let ending = try await PressroomProcess.run(
                arguments, environment: environment, in: place.folder, within: .seconds(30))
            #expect(ending.status == status, "\(ending.errors)")
            #expect(ending.errors.contains("code: \(code)"), "\(ending.errors)")
            #expect(ending.errors.contains("hint: "), "\(ending.errors)")
        }
    }

    @Test func `a port that is in use`() async throws {
        let socket = try ListeningSocket()
        try await expect(
            ["serve", "--port", "\(socket.port)"], status: 69, code: "server.port_in_use")
    }

    @Test func `an output folder that cannot be written`() async throws {
        try await expect(
            ["demo", "--exit", "--output", "wall/articles"], status: 73, code: "output.not_writable"
        ) { folder in
            // A file where the folder should be: that stops root as well.
            try Data("no folder".utf8).write(to: folder.appending(path: "wall"))
        }
    }

    @Test func `a database that cannot be reached`() async throws {
        try await expect(
            ["serve", "--port", "0"],
            environment: ["DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"], status: 69,
            code: "database.unavailable")
    }

    @Test(arguments: ["serve", "worker"])
    func `a sandbox of its own that is not there`(_ command: String) async throws {
        try await expect(
            [command], environment: ["SANDBOX_URL": "http://127.0.0.1:1"], status: 69, code: "sandbox.unreachable")
    }

    @Test func `a file that is no database`() async throws {
        try await Workplace.with { place in
            try Data(repeating: 7, count: 4096).write(to: place.folder.appending(path: "broken.sqlite"))
            let ending = try await PressroomProcess.run(
                ["serve", "--port", "0"], environment: ["DATABASE_URL": "sqlite:broken.sqlite"], in: place.folder,
                within: .seconds(30))
            #expect(ending.status != 0)
            #expect(ending.errors.contains("code: database."), "\(ending.errors)")
        }
    }

    @Test func `every malformed setting at once`() async throws {
        try await Workplace.with { place in
            let ending = try await PressroomProcess.run(
                ["serve"],
                environment: ["PORT": "eighty", "OPENAI_RPM": "-1", "DB_QUERY_TIMEOUT": "soon", "LOG_LEVEL": "loud"],
                in: place.folder, within: .seconds(30))
            #expect(ending.status == 78)
            for name in ["PORT", "OPENAI_RPM", "DB_QUERY_TIMEOUT", "LOG_LEVEL"] {
                #expect(ending.errors.contains(name), "\(ending.errors)")
            }
        }
    }

    @Test func `a schema that is newer than the program`() async throws {
        try await Workplace.with(.postgres) { place in
            let url = try #require(place.databaseURL)
            let up = try await PressroomProcess.run(
                ["migrate", "up"], environment: place.environment(), in: place.folder, within: .seconds(30))
            #expect(up.status == 0, "\(up.errors)")
            try PostgresServer.psql(
                url,
                """
                insert into schema_migrations (source, number, name, checksum, applied_at)
                select source, 999, 'from the future', 'x', applied_at from schema_migrations
                 where source = 'engine' limit 1
                """)

            let ending = try await PressroomProcess.run(
                ["serve", "--port", "0"], environment: place.environment(), in: place.folder, within: .seconds(30))

            #expect(ending.status != 0)
            #expect(ending.errors.contains("code: database.schema_newer"), "\(ending.errors)")
        }
    }

    @Test func `a second worker on the same SQLite file`() async throws {
        try await Workplace.with { place in
            let first = try PressroomProcess(["serve", "--port", "0", "--json"], in: place.folder)
            try await until { first.printed.contains("address") }

            let second = try await PressroomProcess.run(["worker"], in: place.folder, within: .seconds(30))

            #expect(second.status != 0)
            #expect(second.errors.contains("--no-worker"), "\(second.errors)")
            first.signal(SIGTERM)
            #expect(try await first.ending(within: .seconds(30)).status == 0)
        }
    }
}

/// Looks until something holds; fails after a while.
func until(within limit: Duration = .seconds(30), _ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !holds() {
        try #require(ContinuousClock.now < deadline, "it did not come true within \(limit)")
        try await Task.sleep(for: .milliseconds(25))
    }
}
