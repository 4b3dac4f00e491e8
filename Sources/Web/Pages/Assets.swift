import Crypto
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /assets/{name}`: the style sheet, the script and the icon; all there is, and all from here.
struct Assets: Readable {
    static let path = "/assets/{name}"

    /// Twelve digits of a hash over all assets.
    static let version = SHA256.hash(data: all.sorted { $0.key < $1.key }.flatMap(\.value.bytes)).prefix(6)
        .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

    private struct Asset {
        let type: String
        let bytes: [UInt8]
    }

    private static let all: [String: Asset] = [
        "pressroom.css": Asset(type: "text/css; charset=utf-8", bytes: PackageResources.pressroom_css),
        "pressroom.js": Asset(type: "text/javascript; charset=utf-8", bytes: PackageResources.pressroom_js),
        "icon.svg": Asset(type: "image/svg+xml", bytes: PackageResources.icon_svg),
    ]

    func get(_ call: Call) async throws -> Response { try Self.response(named: call.parameter("name"), to: call) }

    static func response(named name: String, to call: Call) throws -> Response {
        guard let asset = all[name] else { throw Problem.noRoute }
        let tag = "\"\(version)\""
        // The address carries the version; without it the browser asks again each time.
        let isVersioned = call.query("v") == version
        let headers: HTTPFields = [
            .contentType: asset.type, .eTag: tag,
            .cacheControl: isVersioned ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if call.header(.ifNoneMatch) == tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}

/// `GET /favicon.ico`, for browsers that ask without having read a page.
struct Favicon: Readable {
    static let path = "/favicon.ico"
    func get(_ call: Call) async throws -> Response { try Assets.response(named: "icon.svg", to: call) }
}
