import Blog
import HTTPTypes
import Testing

@testable import Web

@Suite struct `The settings of a site` {
    private static let path = "/api/sites/bakery/settings"

    @Test func `are read and changed by the site's own key`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let before = try await browser.api(.get, Self.path)
                let changed = try await browser.api(
                    .patch, Self.path, body: #"{"words": 1200, "author": "Ada", "publisher": "wix", "tone": null}"#)
                let after = try await browser.api(.get, Self.path)

                #expect(before.status == 200)
                #expect(before.json["words"] as? Int == 900)
                #expect(before.json["publisher"] == nil)
                #expect(changed.status == 200)
                #expect(changed.body == after.body)
                #expect(after.json["words"] as? Int == 1_200)
                #expect(after.json["author"] as? String == "Ada")
                #expect(after.json["publisher"] as? String == "wix")
                #expect(after.json["tone"] as? String == before.json["tone"] as? String)
            }
        }
    }

    @Test func `belong to nobody else`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let foreign = try await browser.api(.get, "/api/sites/toys/settings")
                let missing = try await browser.api(.patch, "/api/sites/nobody/settings", body: "{}")
                let keyless = try await browser.send(.get, Self.path)
                let byOperator = try await browser.api(.get, Self.path, key: WebWorld.operatorToken)

                #expect(foreign.status == 404)
                #expect(foreign.code == "site.not_found")
                #expect(missing.status == 404)
                #expect(keyless.status == 401)
                #expect(byOperator.status == 200)
            }
        }
    }

    @Test(arguments: [
        (#"{"words": 1}"#, 422), (#"{"publisher": "ftp"}"#, 422), (#"{"publishMode": "schedule"}"#, 422),
        (#"{"unknown": 1}"#, 422), ("[", 400), ("[]", 422),
    ])
    func `refuse what is wrong, and stay`(_ body: String, _ status: Int) async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let before = try await browser.api(.get, Self.path)
                let refused = try await browser.api(.patch, Self.path, body: body)
                let after = try await browser.api(.get, Self.path)

                #expect([400, 422].contains(refused.status))
                #expect(refused.status == status || body == "[]")
                #expect(after.body == before.body)
            }
        }
    }

    @Test func `lose nothing when two change others at once`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for body in [
                        #"{"words": 700}"#, #"{"tone": "dry"}"#, #"{"author": "Bo"}"#, #"{"about": "Bread."}"#,
                    ] {
                        group.addTask { try await browser.api(.patch, Self.path, body: body).status }
                    }
                    for try await status in group { #expect(status == 200) }
                }
                let settings = try await browser.api(.get, Self.path).json

                #expect(settings["words"] as? Int == 700)
                #expect(settings["tone"] as? String == "dry")
                #expect(settings["author"] as? String == "Bo")
                #expect(settings["about"] as? String == "Bread.")
            }
        }
    }

    @Test func `are replaced whole by PUT`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                _ = try await browser.api(.patch, Self.path, body: #"{"words": 1200, "author": "Ada"}"#)
                let replaced = try await browser.api(.put, Self.path, body: #"{"tone": "dry"}"#)

                #expect(replaced.status == 200)
                #expect(replaced.json["words"] as? Int == 900)
                #expect(replaced.json["author"] == nil)
                #expect(replaced.json["tone"] as? String == "dry")
                #expect(try await browser.api(.put, Self.path, body: #"{"words": 1}"#).status == 422)
            }
        }
    }
}

@Suite struct `Credentials over HTTP` {
    private static let path = "/api/sites/bakery/credentials"
    private static let app = #"{"appId": "app-1", "appSecret": "secret-of-the-app"}"#

    @Test func `are stored and removed, and never shown`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let stored = try await browser.api(.put, Self.path, body: Self.app)
                let shown = try await browser.api(.get, Self.path)
                let settings = try await browser.api(.get, "/api/sites/bakery/settings")
                let removed = try await browser.api(.delete, Self.path)
                let after = try await browser.api(.get, Self.path)

                #expect(stored.status == 200)
                #expect((shown.json["credentials"] as? [[String: Any]])?.first?["publisher"] as? String == "wix")
                for answer in [stored, shown, settings] {
                    #expect(!answer.body.contains("secret-of") && !answer.body.contains("app-1"))
                }
                #expect(removed.status == 204)
                #expect((after.json["credentials"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test func `belong to nobody else, and bad ones are not repeated`() async throws {
        try await WebWorld.with { world in
            try await world.test { browser in
                let foreign = try await browser.api(.put, "/api/sites/toys/credentials", body: Self.app)
                let bad = try await browser.api(.put, Self.path, body: #"{"appId": "a", "appSecret": "with blank s"}"#)
                let keyless = try await browser.send(.get, Self.path)

                #expect(foreign.status == 404)
                #expect(bad.status == 422)
                #expect(!bad.body.contains("with blank"))
                #expect(keyless.status == 401)
            }
        }
    }
}
