import Blog
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /generations/{id}/image`: the article's picture, as stored.
struct GenerationImage: Readable {
    static let path = "/generations/{id}/image"
    let kit: PageKit

    private static let types: Set<String> = ["image/png", "image/jpeg", "image/webp", "image/gif"]

    func get(_ call: Call) async throws -> Response {
        try kit.guardian.admit(call)
        let id = try call.generationID()
        guard let image = try await kit.generations.image(of: id, in: .allSites), Self.types.contains(image.contentType)
        else {
            throw Problem(.notFound, code: "image.not_found", detail: "There is no picture yet.")
        }
        return Response(
            status: .ok, headers: [.contentType: image.contentType, .cacheControl: "private, max-age=300"],
            body: .init(byteBuffer: ByteBuffer(bytes: image.bytes)))
    }
}
