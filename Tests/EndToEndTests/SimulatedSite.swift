import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A simulated Wix site, as its visitors and its owner see it.
struct SimulatedSite: Sendable {
    /// Of the sandbox, without a slash at the end.
    let sandbox: String
    let id: String

    init(_ id: String, of sandbox: String) {
        self.id = id
        self.sandbox = sandbox
    }

    /// What it has; nothing where nobody has asked for it yet.
    func posts() async throws -> [[String: Any]] {
        let (status, data) = try await Self.send("GET", "\(sandbox)/wix/sites/\(id)")
        guard status == 200 else { return [] }
        let site = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return site?["draftPosts"] as? [[String: Any]] ?? []
    }

    func statuses() async throws -> [String] { try await posts().compactMap { $0["status"] as? String } }

    /// A post's page.
    func page(of post: [String: Any]) async throws -> String {
        let url = try #require(post["url"] as? [String: Any])
        let address = try #require(url["base"] as? String) + #require(url["path"] as? String)
        let (status, data) = try await Self.send("GET", address)
        try #require(status == 200, "\(address)")
        return String(decoding: data, as: UTF8.self)
    }

    /// The owner installs the app or removes it.
    func act(_ verb: String, _ body: String = "") async throws {
        let (status, data) = try await Self.send("POST", "\(sandbox)/sandbox/wix/sites/\(id)/\(verb)", body)
        try #require(status == 200, "\(String(decoding: data, as: UTF8.self))")
    }

    static func send(_ method: String, _ address: String, _ body: String? = nil) async throws -> (Int, Data) {
        var request = URLRequest(url: try #require(URL(string: address)), timeoutInterval: 20)
        request.httpMethod = method
        if let body { request.httpBody = Data(body.utf8) }
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
    }
}
