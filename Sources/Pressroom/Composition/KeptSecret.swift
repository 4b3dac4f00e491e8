import Engine
import Foundation

/// A secret that is not set: made once and kept beside an SQLite database, for its owner alone.
struct KeptSecret: Sendable {
    /// What the file's name adds to the database's.
    let suffix: String
    /// What the file holds at least, in bytes.
    let bytesMin: Int
    /// Makes what a new file holds from random bits.
    let make: @Sendable (RandomSource) -> [UInt8]
    /// The setting that can be used instead.
    let setting: String

    static let arenaTokens = KeptSecret(
        suffix: ".arena-secret", bytesMin: 48, make: { random(48, $0) }, setting: "ARENA_TOKEN_SECRET")
    static let credentialsKey = KeptSecret(
        suffix: ".credentials-key", bytesMin: 44,
        make: { Array("\(Data(random(32, $0)).base64EncodedString())\n".utf8) }, setting: "CREDENTIALS_KEY_FILE")

    /// - Parameter database: the SQLite file.
    /// - Throws: ``CommandError`` when the file can be neither read nor made.
    func kept(besideDatabase database: String, random: RandomSource) throws -> [UInt8] {
        let path = database + suffix
        if let known = read(path) { return known }
        // Whole before it has its name: of two processes that start at once, both read what the first has written.
        let draft = "\(path).\(getpid())"
        defer { unlink(draft) }
        let fresh = make(random)
        let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            let written = fresh.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            let isStored = written == fresh.count && fsync(descriptor) == 0
            close(descriptor)
            if isStored, link(draft, path) == 0 || errno == EEXIST, let known = read(path) { return known }
        }
        throw CommandError(
            "secret.not_kept", "A secret can be neither read from nor written to \(path).",
            hint: "Remove that file if it is broken, make its folder writable, or set \(setting).",
            status: .configuration)
    }

    private func read(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).flatMap { $0.count >= bytesMin ? Array($0) : nil }
    }

    private static func random(_ count: Int, _ source: RandomSource) -> [UInt8] {
        (0..<count / 8).flatMap { _ in withUnsafeBytes(of: source.bits()) { Array($0) } }
    }
}
