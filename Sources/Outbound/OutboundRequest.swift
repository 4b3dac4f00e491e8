import HTTPTypes

/// A request before it is sent. Prints its method and address only: headers and body may hold keys and prompts.
package struct OutboundRequest: Sendable {
    package var method: HTTPRequest.Method
    package var url: OutboundURL
    package var headers: HTTPFields
    /// Kept apart from `headers`, so that only the transport ever spells the secret out.
    package var authorization: Authorization?
    package var body: [UInt8]
    /// The answer is given up when its body grows beyond this many bytes.
    package var responseBytesMax: Int

    /// How a request proves who sends it.
    package enum Authorization: Sendable, Hashable {
        case bearer(Secret)
        case basic(user: String, Secret)
        /// A header of the provider's own, such as `api-key`.
        case header(HTTPField.Name, Secret)
    }

    /// Enough for a long article in JSON many times over.
    package static let responseBytesMaxUsual = 8 << 20

    package init(
        _ method: HTTPRequest.Method, _ url: OutboundURL, headers: HTTPFields = [:],
        authorization: Authorization? = nil, body: [UInt8] = [], responseBytesMax: Int = responseBytesMaxUsual
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.authorization = authorization
        self.body = body
        self.responseBytesMax = responseBytesMax
    }
}

extension OutboundRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(method.rawValue) \(url)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}
