import Foundation
import Testing

/// A PostgreSQL server of a test's own, to be restarted and killed.
public struct DatabaseServer: Sendable {
    public let url: String
    private let folder: String

    /// Lends a running server, made by `Scripts/postgres`.
    public static func with(_ body: (DatabaseServer) async throws -> Void) async throws {
        guard try DatabaseSchema.serverURL() != nil else { try Test.cancel("PRESSROOM_SKIP_POSTGRES=1") }
        let folder = NSTemporaryDirectory() + "/pressroom-server-\(UUID().uuidString.prefix(8))"
        let url = try script("start", folder)
        try await closing({ _ = try? script("stop", folder) }) {  // a server that is gone already is as good
            try await body(DatabaseServer(url: url, folder: folder))
        }
    }

    public func halt(_ mode: String = "fast") throws { try Self.script("halt", folder, mode) }

    public func start() throws { try Self.script("start", folder) }

    public func restart(_ mode: String = "fast") throws { try Self.script("restart", folder, mode) }

    /// Stops all its processes: connections stay open, and nothing comes back.
    public func freeze() throws { try signal("STOP") }

    public func thaw() throws { try signal("CONT") }

    private func signal(_ name: String) throws {
        let first = try String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8).prefix { $0.isNumber }
        try Self.run("kill -\(name) \(first) $(ps -o pid= --ppid \(first))")
    }

    /// Waits for the script on the calling thread. (Foundation's `Process` may wait for ever on a thread of Swift's own.)
    @discardableResult
    private static func script(_ arguments: String...) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = root.deletingLastPathComponent().appendingPathComponent("Scripts/postgres").path
        return try run(([path] + arguments).map { "'\($0)'" }.joined(separator: " "))
    }

    @discardableResult
    private static func run(_ command: String) throws -> String {
        let output = try #require(popen(command, "r"), "\(command) does not start")
        var text: [UInt8] = []
        while case let byte = getc(output), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
        let status = pclose(output)
        try #require(status == 0, "\(command) failed")
        return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
