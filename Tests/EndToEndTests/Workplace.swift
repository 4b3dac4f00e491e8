import Foundation
import Testing

/// A folder with the Examples in it, for one test, and a database of either kind.
struct Workplace: Sendable {
    enum Storage: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case sqlite = "SQLite"
        case postgres = "PostgreSQL"
        var testDescription: String { rawValue }
    }

    let folder: URL
    let databaseURL: String?

    /// Settings for a process of this workplace.
    func environment(_ own: [String: String] = [:]) -> [String: String] {
        var environment = own
        environment["DATABASE_URL"] = databaseURL
        return environment
    }

    /// Runs `body` in a fresh workplace and removes it afterwards.
    static func with(_ storage: Storage = .sqlite, _ body: (Workplace) async throws -> Void) async throws {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "pressroom-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A folder that stays does no harm.
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "Examples"), withDestinationURL: repository.appending(path: "Examples"))
        switch storage {
        case .sqlite: try await body(Workplace(folder: folder, databaseURL: nil))
        case .postgres:
            try await PostgresServer.withDatabase { url in
                try await body(Workplace(folder: folder, databaseURL: url))
            }
        }
    }

    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The posts of all sites under a folder publisher's root, by marker: where they lie.
    func posts(in output: String) throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        let root = folder.appending(path: output)
        let enumerator = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        while let url = enumerator?.nextObject() as? URL {
            guard url.lastPathComponent == "index.md" else { continue }
            let text = try String(contentsOf: url, encoding: .utf8)
            let marker = text.firstMatch(of: /(?m)^marker: "?([^"\n]+)"?$/)?.1
            found[String(marker ?? "none"), default: []].append(url.path)
        }
        return found
    }

    /// How often each marker was created and published, by the publisher's own log.
    func publisherLog(in output: String) throws -> [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        let root = folder.appending(path: output)
        let enumerator = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        while let url = enumerator?.nextObject() as? URL {
            guard url.lastPathComponent == "log.ndjson" else { continue }
            for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
                let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                guard let marker = entry?["marker"] as? String, let event = entry?["event"] as? String else { continue }
                counts[marker, default: [:]][event, default: 0] += 1
            }
        }
        return counts
    }
}
