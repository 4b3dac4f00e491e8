#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files that are whole or absent, also after a power cut: written aside, synced, renamed, folder synced.
///
/// The caller holds the site's lock, so the name aside needs no chance in it.
enum DurableFile {
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        let aside = parent(path) + "/." + name(path) + ".incoming"
        try write(bytes, to: aside)
        guard rename(aside, path) == 0 else { throw FileFailure(path) }
        try syncFolder(parent(path))
    }

    /// For a file inside a folder that nobody sees yet: synced, not renamed.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileFailure(path) }
        defer { close(file) }
        try append(bytes, to: file, path)
        guard fsync(file) == 0 else { throw FileFailure(path) }
    }

    /// Adds one line in one write. A line that a crash has cut off before is ended first.
    static func appendLine(_ line: String, to path: String) throws {
        let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileFailure(path) }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        var last: UInt8 = UInt8(ascii: "\n")
        if size > 0 { guard pread(file, &last, 1, size - 1) == 1 else { throw FileFailure(path) } }
        let start = last == UInt8(ascii: "\n") ? "" : "\n"
        try append(Array("\(start)\(line)\n".utf8), to: file, path)
        guard fsync(file) == 0 else { throw FileFailure(path) }
    }

    /// Nil when there is no such file.
    static func read(_ path: String, bytesMax: Int) throws -> [UInt8]? {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            let failure = FileFailure(path)
            if failure.isMissing { return nil }
            throw failure
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < bytesMax {
            let count = systemRead(file, &chunk, chunk.count)
            guard count >= 0 else { throw FileFailure(path) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    static func syncFolder(_ path: String) throws {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileFailure(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw FileFailure(path) }
    }

    private static func append(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw FileFailure(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// The system's calls, which the functions above would otherwise shadow.
private let systemRead: @Sendable (Int32, UnsafeMutableRawPointer?, Int) -> Int = { read($0, $1, $2) }
private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }
