#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Folders: making, listing, removing.
enum FolderTree {
    /// Makes `path` and what is missing above it.
    static func make(_ path: String) throws {
        if mkdir(path, 0o755) == 0 { return }
        let failure = FileFailure(path)
        if failure.errno == EEXIST, isFolder(path) { return }
        guard failure.isMissing, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw failure }
        try make(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || isFolder(path) else { throw FileFailure(path) }
    }

    static func exists(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }

    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// When and how large; changes whenever a file is replaced. Nil when it is no regular file.
    static func fingerprint(_ path: String) -> [Int]? {
        var facts = stat()
        guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
            let changed = facts.st_ctimespec
        #else
            let changed = facts.st_ctim
        #endif
        return [Int(changed.tv_sec), Int(changed.tv_nsec), Int(facts.st_size), Int(facts.st_ino)]
    }

    /// The names in a folder, without those that begin with a dot.
    static func names(in path: String) throws -> [String] { try all(in: path).filter { !$0.hasPrefix(".") } }

    /// Removes a folder of ours with the files in it; a folder inside it is somebody else's and stops it.
    static func remove(_ path: String) throws {
        guard exists(path) else { return }
        for name in try all(in: path) {
            guard unlink("\(path)/\(name)") == 0 else { throw FileFailure("\(path)/\(name)") }
        }
        guard rmdir(path) == 0 else { throw FileFailure(path) }
    }

    static func real(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func all(in path: String) throws -> [String] {
        guard let folder = opendir(path) else { throw FileFailure(path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

extension FolderTree {
    /// Moves a folder in one step. False leaves the reason in `errno`.
    static func move(_ path: String, to target: String) -> Bool { rename(path, target) == 0 }

    static func removeFile(_ path: String) throws {
        guard unlink(path) == 0 else { throw FileFailure(path) }
    }
}
