import Database
public import DatabasePostgres
import Foundation
import Synchronization
import Testing

/// A PostgreSQL schema of its own for one test.
public enum DatabaseSchema {
    /// The server for tests, or nil when the environment asks for skipping it.
    public static func serverURL() throws -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let url = environment["PRESSROOM_TEST_DATABASE_URL"], !url.isEmpty { return url }
        if environment["PRESSROOM_SKIP_POSTGRES"] == "1" { return nil }
        throw DatabaseError(
            .badConfiguration, "PRESSROOM_TEST_DATABASE_URL is not set, and this test needs PostgreSQL",
            hint: "run: Scripts/postgres with swift test (or set PRESSROOM_SKIP_POSTGRES=1)")
    }

    /// Lends the configuration of a small pool whose connections live in a fresh schema.
    public static func with(_ body: (PostgresConfiguration) async throws -> Void) async throws {
        guard let url = try serverURL() else { try Test.cancel("PRESSROOM_SKIP_POSTGRES=1") }
        await turns.enter()
        defer { turns.leave() }
        var patient = configuration(url, pool: PoolLimits(connectionsMax: 1, wait: .seconds(60)))
        patient.connectLimit = .seconds(20)
        patient.reconnectBudget = .seconds(20)
        let admin = try PostgresDatabase(patient)
        let name = "test_\(ProcessInfo.processInfo.processIdentifier)_\(UUID().uuidString.prefix(8).lowercased())"
        try await run("create schema %I", name, on: admin)
        var configuration = configuration(url, pool: PoolLimits(connectionsMax: 8, wait: .seconds(30)))
        configuration.settings["search_path"] = name
        try await closing({ await drop(name, on: admin) }) { try await body(configuration) }
    }

    /// A machine on which hundreds of tests run may well keep one of them waiting.
    private static func configuration(_ url: String, pool: PoolLimits) -> PostgresConfiguration {
        var configuration = PostgresConfiguration(url: url, pool: pool)
        configuration.silenceLimit = .seconds(20)
        return configuration
    }

    /// The server takes 300 connections, and a test may open a dozen.
    private static let turns = Turns(max: 12)

    private static func drop(_ name: String, on admin: PostgresDatabase) async {
        do { try await run("drop schema %I cascade", name, on: admin) } catch {
            Issue.record(error, "the schema \(name) stays behind")
        }
        await admin.close()
    }

    /// Only literals become SQL, so a name that is made up travels as a setting.
    private static func run(_ command: String, _ name: String, on admin: PostgresDatabase) async throws {
        try await admin.transaction { tx in
            try tx.execute("select set_config('test.command', format(\(command), \(name)), true)")
            try tx.script("do $$ begin execute current_setting('test.command'); end $$")
        }
    }
}

/// Lets a few in at a time, in order.
final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state: Mutex<State>

    init(max: Int) { state = Mutex(State(free: max)) }

    func enter() async {
        await withCheckedContinuation { continuation in
            let now = state.withLock { state in
                if state.free == 0 {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if now { continuation.resume() }
        }
    }

    func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
