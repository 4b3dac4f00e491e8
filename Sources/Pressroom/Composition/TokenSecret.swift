import Engine
import Foundation

/// The secret that signs Arena's tokens, where none is set: made once and kept beside the database, for its owner alone.
enum TokenSecret {
    private static let bytes = 48

    /// - Parameter database: the SQLite file.
    /// - Throws: ``CommandError`` when the file can be neither read nor made.
    static func kept(besideDatabase database: String, random: RandomSource) throws -> [UInt8] {
        let path = database + ".arena-secret"
        if let known = FileManager.default.contents(atPath: path), known.count >= bytes { return Array(known) }
        let fresh = (0..<bytes / 8).flatMap { _ in withUnsafeBytes(of: random.bits()) { Array($0) } }
        // Of two processes that start at once one makes the file; both then read it.
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            let written = fresh.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
            if written == bytes { return fresh }
        } else if errno == EEXIST, let known = FileManager.default.contents(atPath: path), known.count >= bytes {
            return Array(known)
        }
        throw CommandError(
            "arena.no_secret", "The secret for signing tokens can be neither read from nor written to \(path).",
            hint: "Remove that file if it is broken, make its folder writable, or set ARENA_TOKEN_SECRET.",
            status: .configuration)
    }
}
