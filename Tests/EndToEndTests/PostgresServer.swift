import Foundation
import Testing

/// The PostgreSQL that the test run was given, and databases on it.
enum PostgresServer {
    /// Makes a database for one test and drops it afterwards.
    static func withDatabase(_ body: (String) async throws -> Void) async throws {
        let variable = "PRESSROOM_TEST_DATABASE_URL"
        let url = try #require(
            ProcessInfo.processInfo.environment[variable], "\(variable) is not set: run the tests with `make test`")
        let name = "e2e_\(UUID().uuidString.lowercased().replacing("-", with: "_"))"
        try psql(url, "create database \(name)")
        do {
            try await body(replacingDatabase(of: url, with: name))
        } catch {
            try psql(url, "drop database \(name) with (force)")
            throw error
        }
        try psql(url, "drop database \(name) with (force)")
    }

    @discardableResult
    static func psql(_ url: String, _ statement: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["psql", "-v", "ON_ERROR_STOP=1", "-qAt", url, "-c", statement]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        // `waitUntilExit` runs the thread's run loop, which a cooperative thread does not have.
        while process.isRunning { usleep(5_000) }
        try #require(process.terminationStatus == 0, "psql failed: \(statement)")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func replacingDatabase(of url: String, with name: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1)
        var address = String(parts[0])
        let afterScheme = address.range(of: "://")?.upperBound ?? address.startIndex
        if let slash = address[afterScheme...].firstIndex(of: "/") { address = String(address[..<slash]) }
        return address + "/" + name + (parts.count == 2 ? "?" + parts[1] : "")
    }
}
