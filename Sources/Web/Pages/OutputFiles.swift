import Foundation
import HTTPTypes
import Hummingbird
import NIOPosix

/// `GET /output/…`: the files that the folder publisher wrote, read-only.
///
/// Only what lies in the folder is served: the path is decoded once, may have no part that begins with a dot, and after
/// all links are followed must still lie inside. The articles' own style sheet stands in their pages, so their policy
/// allows that and no script.
struct OutputFiles: Readable {
    static let path = "/output/**"
    let folder: String?
    let guardian: PageGuard
    let files: FileIO

    private static let policy =
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'"

    func get(_ call: Call) async throws -> Response {
        try guardian.admit(call)
        let parts = call.context.parameters.getCatchAll().map { $0.removingPercentEncoding }
        let names = parts.compactMap { $0 }
        guard let folder, names.count == parts.count, names.allSatisfy(Self.isPlain) else { throw Problem.noFile }
        guard let file = try await NIOThreadPool.singleton.runIfActive({ Self.file(names, in: folder) }) else {
            throw Problem.noFile
        }
        if file.isFolder {
            // Relative links of an index page need the slash.
            guard call.request.uri.path.hasSuffix("/") else { return .seeOther(call.request.uri.path + "/") }
        }
        let headers: HTTPFields = [
            .contentType: Self.type(of: file.path), .cacheControl: "no-cache",
            SecurityHeaders.contentSecurityPolicy: Self.policy,
        ]
        let body = try await files.loadFile(path: file.path, context: call.context)
        return Response(status: .ok, headers: headers, body: body)
    }

    private struct Found: Sendable {
        let path: String
        let isFolder: Bool
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0") && name.utf8.count <= 255
    }

    private static func file(_ names: [String], in folder: String) -> Found? {
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().standardizedFileURL
        var file = names.reduce(root) { $0.appendingPathComponent($1) }.resolvingSymlinksInPath().standardizedFileURL
        guard file.path == root.path || file.path.hasPrefix(root.path + "/") else { return nil }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else { return nil }
        if isFolder.boolValue {
            file.appendPathComponent("index.html")
            guard FileManager.default.isReadableFile(atPath: file.path) else { return nil }
        }
        return Found(path: file.path, isFolder: isFolder.boolValue)
    }

    private static func type(of path: String) -> String {
        switch path.split(separator: ".").last?.lowercased() {
        case "html": "text/html; charset=utf-8"
        case "md", "txt": "text/plain; charset=utf-8"
        case "json": "application/json; charset=utf-8"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "webp": "image/webp"
        default: "application/octet-stream"
        }
    }
}

extension Problem {
    static let noFile = Problem(
        .notFound, code: "file.not_found", detail: "There is no such file in the output folder.",
        hint: "The list shows every article with a link to it.")
}
