import Database
import Engine
import Foundation
import ProductKit
import Publishers

@testable import Blog

extension Site {
    static let sample = Site(
        tenant: TenantID(rawValue: 1), instanceID: "bakery", name: "The Bakery", settings: SiteSettings(),
        createdAt: Timestamp(milliseconds: 0), closedAt: nil)
}

extension BlogGeneration.World {
    /// For plans, which touch nothing.
    static var none: Self {
        Self(
            database: Nowhere(), languageModel: FakeModel(), images: nil, wallClock: { Date(timeIntervalSince1970: 0) },
            publisher: { _ in FakePublisher() })
    }
}

private struct Nowhere: Database {
    let dialect = Dialect.sqlite
    func transaction<R: Sendable>(
        _ mode: TransactionMode, _ body: @Sendable (borrowing Transaction) throws -> R
    ) async throws -> R { throw CancellationError() }
}

extension String {
    /// The text of a line `Name: value` in a prompt.
    func value(of name: String) -> String? {
        split(separator: "\n").first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}
