import Foundation
import Synchronization

/// One server and some workers, each a process of its own, on one database.
final class LoadCluster: Sendable {
    private struct State {
        var workers: [ChildProcess] = []
        var lives = 0
        var memoryPeak = 0
    }
    private let folder: URL
    private let environment: [String: String]
    private let server: ChildProcess
    /// Where the server listens.
    let address: String
    private let state = Mutex(State())

    private static let startPatience = Duration.seconds(30)

    /// Starts the server; workers follow with ``startWorkers(_:)``.
    ///
    /// - Parameter worksItself: the server has a worker inside, as it must on SQLite.
    /// - Throws: ``CommandError`` `load.server` with the server's own last words when it does not start.
    init(in folder: URL, environment: [String: String], worksItself: Bool) async throws {
        self.folder = folder
        let arguments = ["serve", "--port", "0", "--json"] + (worksItself ? [] : ["--no-worker"])
        let server = try ChildProcess("serve", arguments, environment: environment, in: folder)
        self.server = server
        do {
            address = try await Self.address(of: server)
        } catch {
            await server.end()
            throw error
        }
        // Pictures are reported to the server, whichever worker has ordered them.
        self.environment = environment.merging(["PUBLIC_URL": address]) { $1 }
    }

    private static func address(of server: ChildProcess) async throws -> String {
        struct Announcement: Decodable { let address: String }
        let deadline = Surroundings.clock.now + startPatience
        while server.isRunning, Surroundings.clock.now < deadline {
            // Until it listens it has printed nothing, or a part.
            if let said = try? JSONDecoder().decode(Announcement.self, from: server.printed) { return said.address }
            try await Surroundings.clock.sleep(for: .milliseconds(20))
        }
        throw CommandError("load.server", "The server did not start:\n\(server.complaints)", status: .unavailable)
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

    /// - Throws: ``CommandError`` `load.process` when one has ended that should run.
    func check() throws {
        for process in [server] + state.withLock({ $0.workers }) {
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
            for process in state.withLock({ $0.workers }) + [server] { group.addTask { await process.end() } }
        }
    }
}
