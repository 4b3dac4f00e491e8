import Blog
import Foundation
import ProductKit

extension GenerationFilter {
    /// Reads `status` (several by commas), `sourceType`, `text`, `since`, `limit` and `cursor`.
    /// - Throws: ``Problem`` 400 for an unknown parameter or value: what is misspelt must not show everything.
    init(_ call: Call) throws {
        try call.allowQuery("status", "sourceType", "text", "since", "limit", "cursor", "site")
        self.init()
        statuses = try (call.given("status")?.split(separator: ",", omittingEmptySubsequences: false) ?? []).map(
            Self.status)
        sourceType = try call.given("sourceType").map(Self.sourceType)
        text = call.query("text")
        since = try call.given("since").map(Self.instant)
        limit = try call.query("limit", in: 1...100, default: limit)
        cursor = call.given("cursor")
    }

    private static func status(_ name: Substring) throws -> GenerationStatus {
        guard let status = GenerationStatus(rawValue: name.uppercased()) else {
            let known = GenerationStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.badQuery("status", "knows only \(known).")
        }
        return status
    }

    private static func sourceType(_ name: String) throws -> SourceType {
        guard let type = SourceType(rawValue: name) else {
            throw Problem.badQuery("sourceType", "is keyword or product.")
        }
        return type
    }

    private static func instant(_ text: String) throws -> Timestamp {
        let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()]
        for style in styles {
            if let date = try? style.parse(text) { return Timestamp(date) }  // The other form may fit.
        }
        throw Problem.badQuery("since", "is a time such as 2026-11-21T08:30:00Z.")
    }
}
