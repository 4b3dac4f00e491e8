import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite struct `A key` {
    @Test(arguments: [
        HTTPRequest.Method.get, .post,
    ]) func `is needed`(_ method: HTTPRequest.Method) async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.send(method, "/api/blog-generation")

                #expect(answer.status == 401)
                #expect(answer.code == "key.missing")
                #expect(answer.headers[.wwwAuthenticate] == #"Bearer realm="pressroom""#)
            }
        }
    }

    @Test(arguments: ["pr_bakery_wrong", "x", String(repeating: "y", count: 400), "pr_bakery_' or 1=1 --"])
    func `that opens nothing is refused`(_ key: String) async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.api(.get, "/api/blog-generation", key: key)

                #expect(answer.status == 401)
                #expect(answer.code == "key.invalid")
                #expect(answer.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
            }
        }
    }

    @Test func `opens its own site and no other`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                let paths: [(HTTPRequest.Method, String, String?)] = [
                    (.get, "", nil), (.get, "/events", nil), (.post, "/cancel", nil), (.post, "/retry", nil),
                    (.post, "/select-idea", #"{"index":0}"#), (.post, "/regenerate-ideas", nil),
                ]
                for (method, path, body) in paths {
                    let answer = try await browser.api(
                        method, "/api/blog-generation/\(id)\(path)", body: body, key: browser.world.toysKey)
                    #expect(answer.status == 404, "\(method) \(path)")
                    #expect(answer.code == "generation.not_found", "\(method) \(path)")
                }
                let list = try await browser.api(.get, "/api/blog-generation", key: browser.world.toysKey)
                #expect((list.json["items"] as? [Any])?.count == 0)
                #expect(try await browser.api(.get, "/api/blog-generation/\(id)").status == 200)
            }
        }
    }

    @Test func `of the operator opens every site`() async throws {
        try await WebWorld.with { world in
            _ = try await world.submit("sourdough")
            _ = try await world.submit("blocks", for: world.toys)
            try await world.test { browser in
                let token = WebWorld.operatorToken
                let body = #"{"sourceType":"keyword","sourceId":"rye"}"#

                let all = try await browser.api(.get, "/api/blog-generation", key: token)
                let one = try await browser.api(.get, "/api/blog-generation?site=toys", key: token)
                let siteless = try await browser.api(.post, "/api/blog-generation", body: body, key: token)
                let named = try await browser.api(.post, "/api/blog-generation?site=toys", body: body, key: token)

                #expect((all.json["items"] as? [Any])?.count == 2)
                #expect((one.json["items"] as? [Any])?.count == 1)
                #expect(siteless.code == "site.missing")
                #expect(named.status == 201)
            }
        }
    }
}
