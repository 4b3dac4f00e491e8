import Sandbox
import Testing

/// A simulated Wix site in memory, and calls to it with its token.
struct WixFixture {
    var sandbox: SandboxFixture
    let site: String
    private(set) var token = ""

    init(_ site: String = "site-1", _ change: (inout SandboxConfiguration) -> Void = { _ in }) throws {
        sandbox = SandboxFixture(change)
        self.site = site
        let answer = askForToken()
        token = try #require(answer.json["access_token"]?.text)
    }

    mutating func askForToken(of other: String? = nil, at now: Duration = .zero) -> ProviderResponse {
        let body: JSONValue = [
            "grant_type": "client_credentials", "client_id": "app", "client_secret": "secret",
            "instance_id": .string(other ?? site),
        ]
        return sandbox.call("POST", "/wix/oauth2/token", body, key: nil, at: now).response
    }

    /// The plan for a call below `/wix`.
    mutating func plan(
        _ method: String, _ path: String, _ body: JSONValue? = nil, query: [String: String] = [:],
        at now: Duration = .zero
    ) -> Plan {
        sandbox.call(method, "/wix/\(path)", body, query: query, key: token, at: now)
    }

    /// Its answer.
    mutating func call(
        _ method: String, _ path: String, _ body: JSONValue? = nil, query: [String: String] = [:],
        at now: Duration = .zero
    ) -> ProviderResponse {
        plan(method, path, body, query: query, at: now).response
    }

    /// A member of the site, the only one of the second.
    mutating func member(_ email: String = "ada@example.org", at now: Duration = .zero) -> String {
        let body: JSONValue = ["member": ["loginEmail": .string(email), "profile": ["nickname": "Ada"]]]
        return call("POST", "members/v1/members", body, at: now).json["member"]?["id"]?.text ?? ""
    }

    /// Sends a picture.
    mutating func upload(_ bytes: [UInt8] = [0x89, 0x50], at now: Duration = .zero) -> JSONValue {
        let form: JSONValue = ["mimeType": "image/png", "fileName": "a.png"]
        let address = call("POST", "site-media/v1/files/generate-upload-url", form, at: now).json["uploadUrl"]?.text
        let path = address.map { String($0.dropFirst("http://sandbox".count).prefix(while: { $0 != "?" })) } ?? ""
        let request = ProviderRequest(
            method: "PUT", path: path, query: ["filename": "a.png"], body: bytes, baseURL: "http://sandbox")
        return sandbox.core.handle(request, at: now).plan.response.json["file"] ?? .null
    }

    static func post(_ member: String, title: String = "Rye", more: [(String, JSONValue)] = []) -> JSONObject {
        let own: [(String, JSONValue)] = [
            ("title", .string(title)), ("memberId", .string(member)), ("richContent", ["nodes": []]),
        ]
        return JSONObject(own + more)
    }

    mutating func makeDraft(
        _ post: JSONObject, fieldsets: JSONValue = [], at now: Duration = .zero
    ) -> ProviderResponse {
        call("POST", "blog/v3/draft-posts", ["draftPost": .object(post), "fieldsets": fieldsets], at: now)
    }
}

extension ProviderResponse {
    /// The word by which Wix says what is wrong, or the rule that is broken.
    var wixCode: String? {
        json["details"]?["applicationError"]?["code"]?.text
            ?? json["details"]?["validationError"]?["fieldViolations"]?.items?.first?["violatedRule"]?.text
    }
}
