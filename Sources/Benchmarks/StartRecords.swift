import Foundation
import Synchronization

/// The file in which a worker notes every start: `start_ns t i k w`, a line each, on disk within 100 ms.
final class StartRecords: Sendable {
    static let flushInterval = Duration.milliseconds(50)
    private let pending = Mutex<[UInt8]>([])
    private let file: FileHandle

    /// Appends to `rec.PID` in the folder, which is made if it is missing.
    init(folder: String, process: Int32) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/rec.\(process)"
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path])
            }
        }
        file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
    }

    func add(_ job: BenchJob, at start: Int64) {
        pending.withLock { pending in
            pending.append(contentsOf: "\(start) \(job.t) \(job.i) \(job.k) \(job.w)\n".utf8)
        }
    }

    func flush() throws {
        let bytes = pending.withLock { pending in
            defer { pending.removeAll(keepingCapacity: true) }
            return Data(pending)
        }
        if !bytes.isEmpty { try file.write(contentsOf: bytes) }
    }

    /// Flushes until the task is cancelled, and then once more.
    func run(_ clock: any Clock<Duration>) async throws {
        while !Task.isCancelled {
            try? await clock.sleep(for: Self.flushInterval)  // cancelled: what is left is written all the same
            try flush()
        }
    }
}
