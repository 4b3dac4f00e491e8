import Arena
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// An answer in JSON with `snake_case` members; not stored by anyone in between.
    static func arena(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: try arenaBytes(of: value))))
    }

    /// What everybody sees alike: kept by caches for a minute, and answered with 304 to who has it already.
    static func arenaPublic(_ value: some Encodable, to call: Call) throws -> Response {
        let bytes = try arenaBytes(of: value)
        let tag = "\"\(Data(SHA256.hash(data: bytes)).prefix(12).map { String($0, radix: 36) }.joined())\""
        let headers: HTTPFields = [
            .contentType: "application/json; charset=utf-8", .eTag: tag,
            .cacheControl: "public, max-age=0, s-maxage=60, stale-while-revalidate=60",
        ]
        if call.knows(tag: tag) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Work that goes on: where to look after it.
    static func accepted(_ operation: ModelOperation) throws -> Response {
        try .arena(
            operation, status: .accepted,
            headers: [.location: "/operations/\(operation.id)", .retryAfter: "2"])
    }

    static var noContent: Response { Response(status: .noContent) }

    private static func arenaBytes(of value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(value)
    }
}
