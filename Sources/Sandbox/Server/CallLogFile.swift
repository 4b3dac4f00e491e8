import Foundation
import Synchronization

/// A file that gets one line of JSON per call, written through at once, so that a reader may follow it.
final class CallLogFile: Sendable {
    private let file: Mutex<FileHandle>

    /// Opens the file for appending, or creates it.
    /// - Throws: ``SandboxError`` `cannotLog` when it cannot be written.
    init(path: String) throws(SandboxError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw SandboxError(
                code: .cannotLog, message: "cannot write the call log \(path): \(String(cString: strerror(errno)))",
                hint: "Choose a file in a folder that exists and can be written to.")
        }
        file = Mutex(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    }

    /// Appends a line.
    /// - Throws: what writing threw, when the disk is full for instance.
    func append(_ record: CallRecord) throws {
        let line = try SandboxJSON.encode(record) + Array("\n".utf8)
        try file.withLock { try $0.write(contentsOf: line) }
    }
}

/// JSON of plain values, with stable order of members.
enum SandboxJSON {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    static func decode<V: Decodable>(_ type: V.Type, from bytes: [UInt8]) throws -> V {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
