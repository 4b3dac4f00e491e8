import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

/// Sends requests as an owner's program, an operator or a browser would.
struct Browser: Sendable {
    let client: any TestClientProtocol
    let world: WebWorld

    static let host = "localhost:8080"

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: String? = nil
    ) async throws -> Answer {
        let answer = try await client.executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return Answer(status: answer.status.code, headers: answer.headers, body: String(buffer: answer.body))
    }

    /// With the bakery's key.
    func api(
        _ method: HTTPRequest.Method, _ path: String, body: String? = nil, key: String? = nil,
        headers extra: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = extra
        headers[.authorization] = "Bearer \(key ?? world.bakeryKey)"
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await send(method, path, headers: headers, body: body)
    }

    func page(_ path: String, cookie: String? = nil) async throws -> Answer {
        var headers: HTTPFields = [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"]
        headers[.cookie] = cookie
        return try await send(.get, path, headers: headers)
    }

    /// A form sent from a page of the server.
    func form(_ path: String, _ fields: String = "", headers extra: HTTPFields = [:]) async throws -> Answer {
        var headers: HTTPFields = [
            .accept: "text/html", .contentType: "application/x-www-form-urlencoded",
            HTTPField.Name("Sec-Fetch-Site")!: "same-origin",
        ]
        for field in extra { headers[field.name] = field.value }
        return try await send(.post, path, headers: headers, body: fields)
    }
}

/// What came back.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: String

    var json: [String: Any] {
        // No JSON object reads as an empty one; the expectations then say what is missing.
        (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
    }

    var code: String? { json["code"] as? String }
}
