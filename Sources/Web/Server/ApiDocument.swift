import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Yams

/// `GET /openapi.json`: what this server offers to programs, as an OpenAPI 3.1 document.
///
/// It is written by hand: `Resources/openapi.yaml`, and `openapi_arena.yaml` where the second product is served. A test
/// holds it against the routes, and another against what they answer.
struct ApiDocument: Readable {
    static let path = "/openapi.json"

    private static let ofBlog = json([PackageResources.openapi_yaml])
    private static let ofBoth = json([PackageResources.openapi_yaml, PackageResources.openapi_arena_yaml])

    let servesArena: Bool

    func get(_ call: Call) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "public, max-age=300"],
            body: .init(byteBuffer: ByteBuffer(bytes: servesArena ? Self.ofBoth : Self.ofBlog)))
    }

    /// One document: the first, with the paths and the components of all.
    private static func json(_ parts: [[UInt8]]) -> [UInt8] {
        let documents = parts.map { part -> [String: Any] in
            guard let document = try? Yams.load(yaml: String(decoding: part, as: UTF8.self)) as? [String: Any] else {
                preconditionFailure("a document that is built in can be read")
            }
            return document
        }
        let whole = documents.dropFirst().reduce(documents[0], union)
        guard
            let json = try? JSONSerialization.data(
                withJSONObject: whole, options: [.sortedKeys, .withoutEscapingSlashes])
        else { preconditionFailure("a document holds what JSON can say") }
        return Array(json)
    }

    private static func union(_ left: [String: Any], _ right: [String: Any]) -> [String: Any] {
        left.merging(right) { left, right in
            guard let left = left as? [String: Any], let right = right as? [String: Any] else { return left }
            return union(left, right)
        }
    }
}
