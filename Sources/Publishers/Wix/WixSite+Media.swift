import FoundationEssentials
import HTTPTypes
import Outbound
import Synchronization

/// Pictures in the site's media.
extension WixSite {
    private struct Upload: Decodable { let uploadUrl: String }
    private struct Uploaded: Decodable {
        struct File: Decodable {
            let id: String
            let operationStatus: String?
        }
        let file: File
    }

    /// Larger ones must come in parts.
    private static let bytesMax = 10 << 20
    /// Beyond this many all are forgotten, and sent again.
    private static let uploadsMax = 100

    /// Copies a picture's bytes to the site, once for each name until ``forgetUpload(named:)``: a draft that is refused
    /// again and again would fill the site with copies.
    ///
    /// - Returns: its id, which drafts may name at once, also while Wix still looks at it.
    /// - Throws: ``PublisherError/Code/invalidPost`` for a picture that Wix does not take.
    func upload(_ image: PostImage, named name: String, until deadline: WixDeadline) async throws -> String {
        guard image.bytes.count <= Self.bytesMax else {
            throw PublisherError(
                .invalidPost, "The picture is larger than the \(Self.bytesMax >> 20) MB that Wix takes", retry: .never)
        }
        if let sent = known.withLock({ $0.uploads[name] }) { return sent }
        let form: JSONText = .object([
            ("mimeType", .string(image.contentType)), ("fileName", .string(name)),
            ("sizeInBytes", .string(String(image.bytes.count))),
        ])
        let upload = try await call(
            .post, "site-media/v1/files/generate-upload-url", body: form, as: Upload.self, until: deadline)
        let separator = upload.uploadUrl.contains("?") ? "&" : "?"
        // What cannot be read is told as such.
        guard let url = try? OutboundURL("\(upload.uploadUrl)\(separator)filename=\(OutboundURL.escape(name))"),
            url.scheme == .https || url.origin == app.baseURL.origin
        else { throw WixFailure.unreadable }
        let response = try await put(image.bytes, image.contentType, to: url, until: deadline)
        // What cannot be read is told as such.
        guard let file = try? JSONDecoder().decode(Uploaded.self, from: Data(response.body)).file, !file.id.isEmpty
        else { throw WixFailure.unreadable }
        if file.operationStatus == "FAILED" {
            throw PublisherError(.invalidPost, "Wix cannot read the picture", retry: .never)
        }
        known.withLock { known in
            if known.uploads.count >= Self.uploadsMax { known.uploads = [:] }
            known.uploads[name] = file.id
        }
        return file.id
    }

    /// The draft is made: nobody will ask for its file again.
    func forgetUpload(named name: String) { known.withLock { $0.uploads[name] = nil } }
}
