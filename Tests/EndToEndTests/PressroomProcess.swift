import Foundation
import Synchronization
import Testing

/// The real program in a process of its own, as a person would start it.
final class PressroomProcess: Sendable {
    struct Ending: Sendable {
        let status: Int32
        let wasKilled: Bool
        let output: String
        let errors: String

        /// The JSON object on standard output.
        func json() throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(object as? [String: Any], "no object: \(output)")
        }
    }

    // Process is not Sendable; it is started in init and afterwards only signalled and waited for, under the lock.
    private let process: Mutex<Process>
    private let output: Capture
    private let errors: Capture
    let identifier: Int32

    /// - Parameter environment: beside PATH and HOME; nothing else of ours is passed on.
    /// - Parameter input: a file of the folder that it reads on standard input.
    init(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL, input: String? = nil
    ) throws {
        let started = Process()
        started.executableURL = try Self.binary()
        started.arguments = arguments
        started.currentDirectoryURL = folder
        let inherited = ProcessInfo.processInfo.environment
        var variables = environment
        for name in ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"] { variables[name] = inherited[name] }
        started.environment = variables
        output = try Capture()
        errors = try Capture()
        started.standardOutput = output.handle
        started.standardError = errors.handle
        started.standardInput =
            try input.map { try FileHandle(forReadingFrom: folder.appending(path: $0)) } ?? FileHandle.nullDevice
        try started.run()
        identifier = started.processIdentifier
        process = Mutex(started)
    }

    deinit { kill(identifier, SIGKILL) }

    func signal(_ number: Int32) { kill(identifier, number) }

    var isRunning: Bool { process.withLock { $0.isRunning } }

    /// Everything printed so far.
    var printed: String { output.text }
    var complaints: String { errors.text }

    /// Waits for the end; a process that takes longer than `limit` is killed and fails the test.
    func ending(within limit: Duration = .seconds(120)) async throws -> Ending {
        let deadline = ContinuousClock.now + limit
        while isRunning {
            guard ContinuousClock.now < deadline else {
                signal(SIGKILL)
                throw Late(what: "pressroom did not end within \(limit)\n\(output.text)\n\(errors.text)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return process.withLock {
            Ending(
                status: $0.terminationStatus, wasKilled: $0.terminationReason == .uncaughtSignal, output: output.text,
                errors: errors.text)
        }
    }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL, input: String? = nil,
        within limit: Duration = .seconds(120)
    ) async throws -> Ending {
        try await PressroomProcess(arguments, environment: environment, in: folder, input: input).ending(within: limit)
    }

    struct Late: Error { let what: String }

    /// Beside the test bundle, where one build puts both.
    private static func binary() throws -> URL {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = bundle.deletingLastPathComponent()
        while folder.path.count > 1 {
            let candidate = folder.appending(path: "pressroom")
            if FileManager.default.isExecutableFile(atPath: candidate.path), !isFolder(candidate) { return candidate }
            folder.deleteLastPathComponent()
        }
        let here = URL(filePath: FileManager.default.currentDirectoryPath).appending(path: ".build/debug/pressroom")
        try #require(FileManager.default.isExecutableFile(atPath: here.path), "build the product pressroom first")
        return here
    }

    private static func isFolder(_ url: URL) -> Bool {
        (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false  // Unreadable is no folder.
    }
}

/// What a process prints, in a file, so that nobody has to read while it runs.
private final class Capture: Sendable {
    let handle: FileHandle
    private let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/pressroom-\(UUID().uuidString).txt"
        try Data().write(to: URL(filePath: path))
        handle = try #require(FileHandle(forWritingAtPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // The test's folder goes anyway.

    var text: String { String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self) }
}
