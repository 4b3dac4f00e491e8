import Database
import Foundation

/// What a performed step leaves behind, written in one transaction under the lease's fence.
public struct Recording: Sendable {
    let json: String
    let rows: (@Sendable (borrowing Transaction) throws -> Void)?
    /// Pools in which the job's order is done with.
    private(set) var releases: [PoolName] = []

    /// The same, and what the job had ordered in that pool is done: its place is another's.
    public func releasing(_ pool: PoolName) -> Recording {
        var recording = self
        recording.releases.append(pool)
        return recording
    }

    /// - Parameter rows: the product's own rows that belong to this result; runs after the job's row is locked. Must be
    ///   quick, must not call out, and is rolled back with everything else when the lease is lost.
    public init(_ result: some Encodable, rows: (@Sendable (borrowing Transaction) throws -> Void)? = nil) throws {
        json = try Self.encode(result)
        self.rows = rows
    }

    /// A step that leaves nothing behind but that it was done.
    public static let nothing = Recording(json: "null")

    private init(json: String) {
        self.json = json
        rows = nil
    }

    /// Keys are sorted, so that the same result is the same text in every run.
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try String(decoding: encoder.encode(value), as: UTF8.self)
    }
}
