import Blog
import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Web

private let hostile = #"<script>alert(1)</script><img src=x onerror=alert(2)>"#

@Suite struct `A page` {
    @Test func `lists what is there, with stage and reason`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough starter")
            try await world.test { browser in
                let answer = try await browser.page("/")

                #expect(answer.status == 200)
                #expect(answer.body.contains("sourdough starter"))
                #expect(answer.body.contains("Crumb &amp; Crust"))
                #expect(answer.body.contains("/generations/\(id)"))
                #expect(answer.body.contains("Queued"))
                #expect(answer.body.contains("Waiting"))
            }
        }
    }

    @Test func `is friendly when there is nothing`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let (all, failed) = (try await browser.page("/"), try await browser.page("/?show=failed"))

                #expect(all.body.contains("No articles yet"))
                #expect(failed.body.contains("Nothing has failed"))
            }
        }
    }

    @Test func `escapes whatever owners and models write`() async throws {
        let model = StubModel(hostileText: #"<script>alert(3)<\/script>"#)
        try await WebWorld.with(model: model) { world in
            let typed = try await world.submit(hostile)
            let chosen = try await world.submit("sourdough")
            try await world.working {
                try await world.wait(for: typed, in: .awaitingSelection)
                try await world.wait(for: chosen, in: .awaitingSelection)
                try await world.test { browser in
                    for path in ["/", "/generations/\(typed)", "/new?site=\(hostile.percentEncoded)"] {
                        let page = try await browser.page(path).body
                        #expect(!page.contains("<script>alert") && !page.contains("<img src=x"), "\(path)")
                    }
                }
                _ = try await world.generations.select(
                    .pick(index: 0, title: hostile), for: chosen, in: .allSites, by: "owner")
                try await world.wait(for: chosen, in: .done)
            }
            try await world.test { browser in
                let page = try await browser.page("/generations/\(chosen)").body
                #expect(page.contains("Day one"))
                #expect(!page.contains("<script>alert") && !page.contains("<img src=x"))
            }
        }
    }

    @Test func `loads nothing from elsewhere`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                for path in ["/", "/new", "/generations/\(id)", "/sign-in"] {
                    let page = try await browser.page(path).body
                    let loaded = page.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.1) }
                    #expect(!loaded.isEmpty)
                    #expect(loaded.allSatisfy { $0.hasPrefix("/") || $0.hasPrefix("#") }, "\(path): \(loaded)")
                    #expect(!page.contains("style=") && !page.contains("onclick"), "\(path)")
                    for asset in loaded where asset.hasPrefix("/assets/") {
                        let answer = try await browser.send(.get, asset)
                        #expect(answer.status == 200)
                        #expect(answer.headers[.cacheControl]?.contains("immutable") == true)
                    }
                }
            }
        }
    }

    @Test func `says that its content is the sandbox's`() async throws {
        try await WebWorld.with(configure: { web, _ in web.showsSandboxContent = true }) { world in
            let id = try await world.submit("sourdough", autoSelect: true)
            try await world.working { try await world.wait(for: id, in: .done) }
            try await world.test { browser in
                let (list, one) = (try await browser.page("/"), try await browser.page("/generations/\(id)"))

                #expect(list.body.contains("Sandbox."))
                #expect(one.body.contains("Sandbox text"))
            }
        }
    }

    @Test func `has buttons that work without a script`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.working {
                try await world.wait(for: id, in: .awaitingSelection)
                try await world.test { browser in
                    let page = try await browser.page("/generations/\(id)")
                    #expect(page.body.contains("Write this one"))

                    let pressed = try await browser.form("/generations/\(id)/select", "index=2&title=My+own+%26+title")

                    #expect(pressed.status == 303)
                    #expect(pressed.headers[.location] == "/generations/\(id)?done=chosen")
                }
                let done = try await world.wait(for: id, in: .done)
                #expect(done.url == "https://bakery.example/a-starter")
            }
            try await world.test { browser in
                #expect(
                    try await browser.page("/generations/\(id)?done=chosen").body.contains("Your choice is stored."))
                let late = try await browser.form("/generations/\(id)/cancel")
                #expect(late.status == 409)
                #expect(late.headers[.contentType] == "text/html; charset=utf-8")
            }
        }
    }
}

@Suite struct `The request form` {
    @Test func `asks for an article once, however often it is sent`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let fields = "site=toys&sourceType=keyword&sourceId=wooden+blocks&words=500&autoSelect=true&once=abc"

                let first = try await browser.form("/new", fields)
                let second = try await browser.form("/new", fields)

                #expect(first.status == 303)
                #expect(first.headers[.location] == second.headers[.location])
                let list = try await browser.world.generations.list(GenerationFilter(), in: .allSites)
                #expect(list.items.map(\.sourceId) == ["wooden blocks"])
                #expect(list.items.map(\.site) == ["toys"])
            }
        }
    }

    @Test func `keeps what was typed and says what is wrong`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let answer = try await browser.form(
                    "/new", "site=toys&sourceType=keyword&sourceId=blocks&words=lots&tone=dry")

                #expect(answer.status == 422)
                #expect(answer.body.contains(#"value="blocks""#) && answer.body.contains(#"value="lots""#))
                #expect(answer.body.contains(#"class="error""#))
                #expect(answer.body.contains("<details open"))
            }
        }
    }
}

@Suite struct `A form from elsewhere` {
    static let strangers: [HTTPFields] = [
        [HTTPField.Name("Sec-Fetch-Site")!: "cross-site"],
        [HTTPField.Name("Sec-Fetch-Site")!: "same-site"],
        [HTTPField.Name("Sec-Fetch-Site")!: "none"],
    ]

    @Test(arguments: strangers)
    func `is refused`(_ headers: HTTPFields) async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                for path in ["/generations/\(id)/cancel", "/new", "/sign-in", "/sign-out"] {
                    let answer = try await browser.form(
                        path, "site=toys&sourceType=keyword&sourceId=x", headers: headers)
                    #expect(answer.status == 403, "\(path)")
                }
                #expect(try await browser.world.engine.queueSize() == 1)
            }
        }
    }

    @Test func `without a word of where it comes from is refused too`() async throws {
        try await WebWorld.with { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                let plain: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
                let answer = try await browser.send(.post, "/generations/\(id)/cancel", headers: plain, body: "")
                let foreign = try await browser.send(
                    .post, "/generations/\(id)/cancel", headers: [.origin: "http://evil.example"], body: "")

                #expect(answer.code == "request.cross_site")
                #expect(foreign.code == "request.cross_site")
            }
        }
    }

    @Test func `cannot be read under a name that points here`() async throws {
        try await WebWorld.with { world in
            try await world.serve { port in
                try await RawConnection.with(port: port) { connection in
                    try await connection.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                    #expect(try await connection.sees("request.wrong_host"))
                }
            }
        }
    }
}

@Suite struct `Signing in` {
    @Test func `is needed where the pages are the operator's`() async throws {
        try await WebWorld.with(configure: { web, _ in web.pages = .operatorOnly }) { world in
            let id = try await world.submit("sourdough")
            try await world.test { browser in
                for path in ["/", "/new", "/generations/\(id)", "/generations/\(id)/image", "/output/bakery/"] {
                    let page = try await browser.page(path)
                    #expect(page.status == 303, "\(path)")
                    #expect(page.headers[.location]?.hasPrefix("/sign-in?next=") == true)
                }
                #expect(try await browser.send(.get, "/changes").status == 401)
                #expect(try await browser.form("/generations/\(id)/cancel").status == 303)
                #expect(try await browser.world.engine.queueSize() == 1)
            }
        }
    }

    @Test func `takes the token and nothing else`() async throws {
        try await WebWorld.with(configure: { web, _ in web.pages = .operatorOnly }) { world in
            try await world.test { browser in
                let wrong = try await browser.form("/sign-in", "token=guess&next=/new")
                let right = try await browser.form("/sign-in", "token=\(WebWorld.operatorToken)&next=/new")
                let lured = try await browser.form("/sign-in", "token=\(WebWorld.operatorToken)&next=//evil.example")

                #expect(wrong.status == 401)
                #expect(right.status == 303 && right.headers[.location] == "/new")
                #expect(lured.headers[.location] == "/")
                let cookie = try #require(right.headers[.setCookie])
                #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
                let session = String(cookie.prefix { $0 != ";" })
                #expect(try await browser.page("/", cookie: session).status == 200)
                #expect(try await browser.page("/", cookie: session + "0").status == 303)
                #expect(try await browser.page("/", cookie: "pressroom_operator=9999999999.00").status == 303)
            }
        }
    }

    @Test func `is refused for a while after many wrong tokens`() async throws {
        try await WebWorld.with(configure: { web, _ in web.pages = .operatorOnly }) { world in
            try await world.test { browser in
                for _ in 0..<10 { #expect(try await browser.form("/sign-in", "token=guess").status == 401) }
                let refused = try await browser.form("/sign-in", "token=\(WebWorld.operatorToken)")
                #expect(refused.status == 429)
            }
        }
    }
}

extension String {
    fileprivate var percentEncoded: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}
