import Foundation
import Synchronization

/// This program once more, as a process of its own.
final class ChildProcess: Sendable {
    // Process is not Sendable; it is started in init and afterwards only asked whether it runs, under the lock.
    private let process: Mutex<Process>
    private let output: URL
    private let errors: URL
    let identifier: Int32
    let name: String

    /// - Parameters:
    ///   - environment: all of it; nothing is inherited.
    ///   - folder: works there, and leaves `NAME.out` and `NAME.log` behind.
    init(_ name: String, _ arguments: [String], environment: [String: String], in folder: URL) throws {
        self.name = name
        output = folder.appending(path: "\(name).out")
        errors = folder.appending(path: "\(name).log")
        let started = Process()
        started.executableURL = Bundle.main.executableURL
        started.arguments = arguments
        started.currentDirectoryURL = folder
        started.environment = environment
        started.standardInput = FileHandle.nullDevice
        started.standardOutput = try Self.file(output)
        started.standardError = try Self.file(errors)
        try started.run()
        identifier = started.processIdentifier
        process = Mutex(started)
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }
    var status: Int32 { process.withLock { $0.isRunning ? 0 : $0.terminationStatus } }
    var printed: Data { FileManager.default.contents(atPath: output.path) ?? Data() }
    /// The last lines of what it had to complain of.
    var complaints: String {
        let text = String(decoding: FileManager.default.contents(atPath: errors.path) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    func signal(_ number: Int32) { if isRunning { kill(identifier, number) } }

    /// Asks it to leave, and ends it when it has not left in time.
    func end(within patience: Duration = .seconds(20)) async {
        signal(SIGTERM)
        let deadline = Surroundings.clock.now + patience
        while isRunning, Surroundings.clock.now < deadline {
            // Whoever is cancelled has no more patience.
            guard (try? await Surroundings.clock.sleep(for: .milliseconds(50))) != nil else { break }
        }
        signal(SIGKILL)
    }

    /// The most memory that it has had, in bytes; nil where the system does not tell.
    var memoryPeak: Int? {
        guard let status = FileManager.default.contents(atPath: "/proc/\(identifier)/status") else { return nil }
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    private static func file(_ url: URL) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw CommandError("load.folder", "\(url.path) cannot be written.", status: .cannotCreate)
        }
        return try FileHandle(forWritingTo: url)
    }
}
