import HTTPTypes
import Hummingbird

/// A refusal or failure in the one shape that every route answers with: RFC 9457 problem details.
///
/// `code` is stable and what programs switch on; `detail` and `hint` are for people and never repeat a caller's body.
package struct Problem: Error, Sendable {
    package var status: HTTPResponse.Status
    package var code: String
    package var detail: String
    /// What to do next.
    package var hint: String?
    package var headers: HTTPFields
    /// Members beside the common ones.
    package var members: [String: JSONValue]

    package init(
        _ status: HTTPResponse.Status, code: String, detail: String, hint: String? = nil,
        headers: HTTPFields = [:], members: [String: JSONValue] = [:]
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.hint = hint
        self.headers = headers
        self.members = members
    }

    /// The body, all members in one object.
    var json: JSONValue {
        var all = members
        // `about:blank`: the status says the kind of problem, `code` says which one it is.
        all["type"] = "about:blank"
        all["title"] = .string(status.reasonPhrase)
        all["status"] = .integer(Int64(status.code))
        all["detail"] = .string(detail)
        all["code"] = .string(code)
        if let hint { all["hint"] = .string(hint) }
        return .object(all)
    }
}
