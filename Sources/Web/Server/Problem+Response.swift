import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Problem {
    /// The problem as `application/problem+json`.
    func response() -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}

extension JSONValue {
    /// Compact JSON with sorted keys, so that equal answers are equal bytes.
    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try Array(encoder.encode(self))
        } catch {
            // Only a number that is not finite cannot be JSON; what is built here has none.
            preconditionFailure("a JSON value that cannot be written: \(error)")
        }
    }
}
