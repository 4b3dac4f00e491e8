import Foundation
import HTTPTypes
import Hummingbird

extension Call {
    /// The body of a route that takes JSON; it may be empty.
    /// - Throws: ``Problem`` 415 when it is declared to be something else.
    func jsonBytes() throws -> [UInt8] {
        guard context.body.readableBytes > 0 else { return [] }
        let type = mediaType
        guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
            throw Problem.wrongMediaType
        }
        return Array(context.body.readableBytesView)
    }

    /// The fields of an HTML form.
    /// - Throws: ``Problem`` 415 when the body is not a form.
    func form() throws -> FormFields {
        guard context.body.readableBytes == 0 || mediaType == "application/x-www-form-urlencoded" else {
            throw Problem.notAForm
        }
        return FormFields(String(buffer: context.body))
    }

    private var mediaType: String {
        (header(.contentType) ?? "").prefix { $0 != ";" }.lowercased().trimmingCharacters(in: .whitespaces)
    }
}

extension Problem {
    static let wrongMediaType = Problem(
        .unsupportedMediaType, code: "request.media_type", detail: "This route takes JSON.",
        hint: "Send the body as JSON with the header Content-Type: application/json.")

    static let notAForm = Problem(
        .unsupportedMediaType, code: "request.media_type", detail: "This address takes a form.",
        hint: "Programs use the API under /api.")
}
