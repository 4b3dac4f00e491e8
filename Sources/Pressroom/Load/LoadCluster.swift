import Foundation
import Synchronization

/// Servers and workers, each a process of its own, on one database.
final class LoadCluster: Sendable {
    private struct State {
        var workers: [ChildProcess] = []
        var lives = 0
        var memoryPeak = 0
    }
    private struct Server {
        let process: ChildProcess
        let address: String
    }
    private let folder: URL
    /// All that each process is told.
    let environment: [String: String]
    private let servers: [Server]
    /// Where the servers listen; there is at least one.
    var addresses: [String] { servers.map(\.address) }
    private let state = Mutex(State())

    private static let startPatience = Duration.seconds(30)

    /// Starts the servers, one after the other, since the first one makes the tables; workers follow with
    /// ``startWorkers(_:)``.
    ///
    /// - Parameter worksItself: each server has a worker inside, as the one on SQLite must.
    /// - Throws: ``CommandError`` `load.server` with a server's own last words when it does not start.
    init(in folder: URL, environment: [String: String], servers count: Int = 1, worksItself: Bool) async throws {
        self.folder = folder
        let arguments = ["serve", "--port", "0", "--json"] + (worksItself ? [] : ["--no-worker"])
        var servers: [Server] = []
        for number in 1...count {
            do {
                let process = try ChildProcess("serve-\(number)", arguments, environment: environment, in: folder)
                servers.append(Server(process: process, address: try await Self.address(of: process)))
            } catch {
                for server in servers { await server.process.end() }
                throw error
            }
        }
        self.servers = servers
        // Pictures are reported to a server, whichever worker has ordered them.
        self.environment = environment.merging(["PUBLIC_URL": servers[0].address]) { $1 }
    }

    /// - Throws: when it does not start, and then it has been ended.
    private static func address(of server: ChildProcess) async throws -> String {
        struct Announcement: Decodable { let address: String }
        let deadline = Surroundings.clock.now + startPatience
        do {
            while server.isRunning, Surroundings.clock.now < deadline {
                // Until it listens it has printed nothing, or a part.
                if let said = try? JSONDecoder().decode(Announcement.self, from: server.printed) { return said.address }
                try await Surroundings.clock.sleep(for: .milliseconds(20))
            }
            throw CommandError(
                "load.server", "\(server.name) did not start:\n\(server.complaints)", status: .unavailable)
        } catch {
            await server.end()
            throw error
        }
    }

    func startWorkers(_ count: Int) throws {
        for _ in 0..<count { try startWorker() }
    }

    private func startWorker() throws {
        let name = state.withLock { state in
            state.lives += 1
            return "worker-\(state.lives)"
        }
        let worker = try ChildProcess(name, ["worker", "--name", name], environment: environment, in: folder)
        state.withLock { $0.workers.append(worker) }
    }

    /// Kills one worker as the system would for want of memory, and starts another after a pause.
    func killWorker(_ chance: inout some RandomNumberGenerator, restartAfter pause: Duration) async throws {
        let victim = state.withLock { state -> ChildProcess? in
            let place = state.workers.indices.randomElement(using: &chance)
            return place.map { state.workers.remove(at: $0) }
        }
        guard let victim else { return }
        note(victim)
        victim.signal(SIGKILL)
        try await Surroundings.clock.sleep(for: pause)
        try startWorker()
    }

    /// Runs one command to its end.
    /// - Throws: ``CommandError`` `load.command` with its last words when it fails.
    func run(_ arguments: [String]) async throws {
        let process = try ChildProcess(
            arguments.joined(separator: "-"), arguments, environment: environment, in: folder)
        while process.isRunning { try await Surroundings.clock.sleep(for: .milliseconds(10)) }
        guard process.status == 0 else {
            throw CommandError(
                "load.command", "pressroom \(arguments.joined(separator: " ")) failed:\n\(process.complaints)",
                status: .software)
        }
    }

    private var processes: [ChildProcess] { servers.map(\.process) + state.withLock { $0.workers } }

    /// Runs `body` and looks after the processes meanwhile.
    ///
    /// - Throws: what `body` throws; ``CommandError`` `load.process` when one has ended that should run.
    func watching<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                while true {
                    try self.check()
                    try await Surroundings.clock.sleep(for: .seconds(1))
                }
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let ended = try await group.next() { if let ended { return ended } }
            throw CancellationError()
        }
    }

    /// - Throws: ``CommandError`` `load.process` when one has ended that should run.
    func check() throws {
        for process in processes {
            guard process.isRunning else {
                throw CommandError(
                    "load.process", "\(process.name) has ended with status \(process.status):\n\(process.complaints)",
                    status: .software)
            }
            note(process)
        }
    }

    /// The most memory that any of the processes has had, in bytes; 0 where the system does not tell.
    var memoryPeak: Int { state.withLock { $0.memoryPeak } }

    private func note(_ process: ChildProcess) {
        guard let peak = process.memoryPeak else { return }
        state.withLock { $0.memoryPeak = max($0.memoryPeak, peak) }
    }

    func end() async {
        await withTaskGroup { group in
            for process in processes.reversed() { group.addTask { await process.end() } }
        }
    }
}
