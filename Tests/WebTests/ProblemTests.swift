import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// What can be wrong with a request, and what it is told.
struct BadRequest: Sendable, CustomTestStringConvertible {
    let name: String
    var method = HTTPRequest.Method.post
    var path = "/api/blog-generation"
    var headers: HTTPFields = [:]
    var body: String?
    let status: Int
    let code: String

    var testDescription: String { name }

    static let all: [BadRequest] = [
        BadRequest(name: "an unknown address", method: .get, path: "/nowhere", status: 404, code: "route.unknown"),
        BadRequest(name: "a method that is not taken", method: .delete, status: 405, code: "route.method_not_allowed"),
        BadRequest(
            name: "a GET of something that is only posted", method: .get, path: "/api/blog-generation/1/cancel",
            status: 405, code: "route.method_not_allowed"),
        BadRequest(name: "an empty body", status: 400, code: "request.malformed"),
        BadRequest(name: "half a JSON object", body: #"{"sourceType":"#, status: 400, code: "request.malformed"),
        BadRequest(name: "a JSON list", body: "[1]", status: 400, code: "request.malformed"),
        BadRequest(
            name: "another media type", headers: [.contentType: "text/plain"], body: "{}", status: 415,
            code: "request.media_type"),
        BadRequest(
            name: "a missing source", body: #"{"sourceType":"keyword"}"#, status: 422, code: "validation.failed"),
        BadRequest(
            name: "an unknown field", body: #"{"sourceType":"keyword","sourceId":"x","tonne":"dry"}"#, status: 422,
            code: "validation.failed"),
        BadRequest(
            name: "a number as text", body: #"{"sourceType":"keyword","sourceId":"x","words":"many"}"#, status: 422,
            code: "validation.failed"),
        BadRequest(
            name: "too many words", body: #"{"sourceType":"keyword","sourceId":"x","words":9000}"#, status: 422,
            code: "validation.failed"),
        BadRequest(
            name: "a control character", body: #"{"sourceType":"keyword","sourceId":"a\u0000b"}"#, status: 422,
            code: "validation.failed"),
        BadRequest(
            name: "an empty Idempotency-Key", headers: [.idempotencyKey: ""],
            body: #"{"sourceType":"keyword","sourceId":"x"}"#, status: 400, code: "idempotency.invalid_key"),
        BadRequest(
            name: "an unknown filter", method: .get, path: "/api/blog-generation?sttus=DONE", status: 400,
            code: "request.invalid_query"),
        BadRequest(
            name: "an unknown status", method: .get, path: "/api/blog-generation?status=NEARLY", status: 400,
            code: "request.invalid_query"),
        BadRequest(
            name: "a limit out of range", method: .get, path: "/api/blog-generation?limit=1000", status: 400,
            code: "request.invalid_query"),
        BadRequest(
            name: "a cursor that is none", method: .get, path: "/api/blog-generation?cursor=abc", status: 400,
            code: "cursor.invalid"),
        BadRequest(
            name: "an id that is none", method: .get, path: "/api/blog-generation/abc", status: 404,
            code: "generation.not_found"),
        BadRequest(
            name: "an id too large", method: .get, path: "/api/blog-generation/99999999999999999999", status: 404,
            code: "generation.not_found"),
        BadRequest(
            name: "a generation that is not there", method: .get, path: "/api/blog-generation/42", status: 404,
            code: "generation.not_found"),
        BadRequest(
            name: "a webhook without a configured secret", path: "/webhooks/replicate", body: "{}", status: 404,
            code: "webhook.not_configured"),
        BadRequest(
            name: "a webhook of Wix without a configured key", path: "/webhooks/wix", body: "{}", status: 404,
            code: "webhook.not_configured"),
    ]
}

@Suite struct `A bad request` {
    @Test(arguments: BadRequest.all)
    func `is answered with a problem that says what to do`(_ bad: BadRequest) async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.api(bad.method, bad.path, body: bad.body, headers: bad.headers)

                #expect(answer.status == bad.status)
                #expect(answer.code == bad.code)
                #expect(answer.headers[.contentType] == "application/problem+json; charset=utf-8")
                #expect(answer.json["status"] as? Int == bad.status)
                #expect(answer.json["type"] as? String == "about:blank")
                #expect((answer.json["title"] as? String)?.isEmpty == false)
                #expect((answer.json["detail"] as? String)?.isEmpty == false)
                #expect((answer.json["hint"] as? String)?.isEmpty == false)
                #expect(answer.headers[.requestID]?.count == 32)
                #expect(try await world.engine.queueSize() == 0)
            }
        }
    }

    @Test func `names every wrong field`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let body = #"{"sourceType":"poem","words":1,"language":7}"#

                let answer = try await browser.api(.post, "/api/blog-generation", body: body)

                let problems = answer.json["problems"] as? [[String: String]] ?? []
                #expect(Set(problems.compactMap { $0["field"] }) == ["sourceType", "sourceId", "words", "language"])
            }
        }
    }

    @Test func `with another method learns which ones are taken`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.api(.put, "/api/blog-generation")

                #expect(answer.headers[.allow] == "GET, HEAD, POST")
            }
        }
    }

    @Test func `from a browser is answered with a page`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.page("/nowhere")

                #expect(answer.status == 404)
                #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
                #expect(answer.body.contains("There is nothing at this address."))
            }
        }
    }

    @Test func `is not answered in the language of an attack`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.page("/?site=%3Cscript%3Ealert(1)%3C/script%3E")

                #expect(answer.status == 404)
                #expect(!answer.body.contains("<script>alert"))
            }
        }
    }
}
