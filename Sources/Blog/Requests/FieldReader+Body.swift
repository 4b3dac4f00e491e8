import ProductKit
import Providers

extension FieldReader {
    /// The one object of a request's body.
    ///
    /// - Throws: `request.malformed` when it is no JSON object.
    init(body: some Sequence<UInt8>) throws(BlogError) {
        guard let json = JSON(body) else {
            throw BlogError(
                .requestMalformed, "The body is not valid JSON.",
                hint:
                    "Send one JSON object in UTF-8, such as {\"sourceType\": \"keyword\", \"sourceId\": \"sourdough starter\"}."
            )
        }
        guard let members = json.object else {
            throw BlogError(.requestMalformed, "The body is JSON, but not an object.", hint: "Send one JSON object.")
        }
        self.init(members)
    }
}
