import Foundation
import Sandbox
import Testing

@Suite struct `The simulated Wix` {
    @Test func `gives tokens that open one site, for as long as they say in the caller's time`() throws {
        var wix = try WixFixture {
            $0.speed = 10
            $0.wix.tokenSeconds = 100
        }
        let other = wix.askForToken(of: "site-2").json["access_token"]?.text
        let elsewhere = wix.sandbox.call("GET", "/wix/apps/v1/instance", key: other).response
        let nowhere = wix.sandbox.call("GET", "/wix/apps/v1/instance", key: "made-up").response

        #expect(wix.askForToken().json["expires_in"] == 10)
        #expect(wix.call("GET", "apps/v1/instance", at: .seconds(99)).json["instance"]?["instanceId"] == "site-1")
        #expect(wix.call("GET", "apps/v1/instance", at: .seconds(100)).status == 401)
        #expect(elsewhere.json["instance"]?["instanceId"] == "site-2")
        #expect(nowhere.status == 401)
        #expect(nowhere.wixCode == "UNAUTHENTICATED")
    }

    @Test func `takes 200 calls a site in any minute, and says nothing more about it`() throws {
        var wix = try WixFixture()
        for _ in 0..<200 { #expect(wix.call("GET", "apps/v1/instance", at: .seconds(1)).status == 200) }

        let refused = wix.call("GET", "apps/v1/instance", at: .seconds(60))
        #expect(refused.status == 429)
        #expect(refused.json["message"] == "")
        #expect(refused.wixCode == "RESOURCE_EXHAUSTED")
        #expect(refused.headers.allSatisfy { !$0.name.contains("ratelimit") && $0.name != "retry-after" })
        #expect(wix.call("GET", "apps/v1/instance", at: .seconds(61)).status == 200)
    }

    @Test func `names each answer, so that it can be asked about`() throws {
        var wix = try WixFixture()
        let first = wix.call("GET", "apps/v1/instance")[header: "x-wix-request-id"]
        let second = wix.call("GET", "nothing")[header: "x-wix-request-id"]

        #expect(first?.isEmpty == false && second?.isEmpty == false)
        #expect(first != second)
    }

    @Test func `lets an app be removed and installed again`() throws {
        var wix = try WixFixture()
        let isTold = wix.sandbox.core.removeWixApp(from: wix.site, at: .zero)

        #expect(!isTold, "there is no address")
        #expect(wix.call("GET", "apps/v1/instance").status == 401)
        let refused = wix.askForToken()
        #expect(refused.status == 400)
        #expect(refused.wixCode == "APP_NOT_INSTALLED")
        wix.sandbox.core.installWixApp(on: wix.site, at: .zero)
        #expect(wix.askForToken().status == 200)
    }
}

@Suite struct `Members and tags of a simulated Wix site` {
    @Test func `are none at first, and no draft is made without one`() throws {
        var wix = try WixFixture()

        #expect(wix.call("GET", "members/v1/members").json["members"] == [])
        let unowned = wix.makeDraft(JSONObject([("title", "Rye"), ("richContent", ["nodes": []])]))
        #expect(unowned.status == 400)
        #expect(unowned.json["message"] == "Missing post owner information")
        let foreign = wix.makeDraft(WixFixture.post("contact-1"))
        #expect(foreign.status == 400)
        #expect(foreign.json["message"] == "memberIds [contact-1] do not exist")
        let own = wix.makeDraft(WixFixture.post(wix.member()))
        #expect(own.status == 200)
    }

    @Test func `have an address only in full, and are made a second apart`() throws {
        var wix = try WixFixture()
        _ = wix.member()
        let grace: JSONValue = ["member": ["loginEmail": "grace@example.org"]]
        let ada: JSONValue = ["member": ["loginEmail": "ada@example.org"]]

        let plain = wix.call("GET", "members/v1/members").json["members"]?.items?.first
        let full = wix.call("GET", "members/v1/members", query: ["fieldsets": "FULL"]).json["members"]?.items?.first
        #expect(plain?["loginEmail"] == nil)
        #expect(full?["loginEmail"] == "ada@example.org")
        #expect(wix.call("POST", "members/v1/members", ada).status == 409)
        #expect(wix.call("POST", "members/v1/members", grace, at: .milliseconds(999)).status == 429)
        #expect(wix.call("POST", "members/v1/members", grace, at: .seconds(1)).status == 200)
    }

    @Test func `exist once, also when they are written almost alike`() throws {
        var wix = try WixFixture()
        for (label, status) in [("Rye: dark", 200), ("rye dark", 409), ("Rye", 200), ("", 400)] {
            let answer = wix.call("POST", "blog/v3/tags", ["label": .string(label), "language": "en"])
            #expect(answer.status == status, "\(label)")
        }
        let long = wix.call("POST", "blog/v3/tags", ["label": .string(String(repeating: "x", count: 51))])
        let page = wix.call("GET", "blog/v3/tags", query: ["paging.limit": "1", "paging.offset": "1"])

        #expect(long.wixCode == "MAX_LENGTH")
        #expect(page.json["tags"]?.items?.map { $0["label"]?.text } == ["Rye"])
    }

    @Test func `that a draft names and the site does not have are left out without a word`() throws {
        var wix = try WixFixture()
        let tag = wix.call("POST", "blog/v3/tags", ["label": "Rye"]).json["tag"]?["id"] ?? .null
        let category = wix.call("POST", "blog/v3/categories", ["category": ["label": "Bread"]]).json["category"]?["id"]
        let post = WixFixture.post(
            wix.member(),
            more: [("tagIds", ["gone", tag]), ("categoryIds", [category ?? .null, "gone"])])

        let draft = wix.makeDraft(post).json["draftPost"]
        #expect(draft?["tagIds"] == [tag])
        #expect(draft?["categoryIds"] == [category ?? .null])
        #expect(wix.call("GET", "blog/v3/categories").json["categories"]?.items?.count == 1)
        let eleven = JSONValue.array(Array(repeating: "gone", count: 11))
        let member = wix.member("b@example.org", at: .seconds(2))
        let many = wix.makeDraft(WixFixture.post(member, more: [("categoryIds", eleven)]))
        #expect(many.wixCode == "MAX_SIZE")
    }
}

@Suite struct `Drafts of a simulated Wix site` {
    @Test func `tell their address and their text only to who asks`() throws {
        var wix = try WixFixture()
        let post = WixFixture.post(wix.member())
        let plain = wix.makeDraft(post).json["draftPost"]
        let asked = wix.makeDraft(post, fieldsets: ["URL"]).json["draftPost"]
        let id = asked?["id"]?.text ?? ""
        let whole = wix.call("GET", "blog/v3/draft-posts/\(id)", query: ["fieldsets": "URL,RICH_CONTENT"])
        let bare = wix.call("GET", "blog/v3/draft-posts/\(id)")

        #expect(plain?["url"] == nil)
        #expect(asked?["url"]?["base"] == "http://sandbox/wix/sites/site-1")
        #expect(whole.json["draftPost"]?["url"] != nil && whole.json["draftPost"]?["richContent"] != nil)
        #expect(bare.json["draftPost"]?["url"] == nil && bare.json["draftPost"]?["richContent"] == nil)
        #expect(plain?["seoSlug"] == "rye" && asked?["seoSlug"] == "rye-2", "an address that is taken gets a number")
    }

    @Test func `are found by lists and queries after a while, and by their id at once`() throws {
        var wix = try WixFixture { $0.wix.listSeconds = 20 }
        let id = wix.makeDraft(WixFixture.post(wix.member())).json["draftPost"]?["id"]?.text ?? ""
        let query: JSONValue = ["query": ["filter": ["title": ["$eq": "Rye"]]]]
        func counts(at now: Duration) -> [Int?] {
            let list = wix.call("GET", "blog/v3/draft-posts", at: now)
            let found = wix.call("POST", "blog/v3/draft-posts/query", query, at: now)
            return [list, found].map { $0.json["draftPosts"]?.items?.count }
        }

        #expect(wix.call("GET", "blog/v3/draft-posts/\(id)").status == 200)
        #expect(counts(at: .seconds(19)) == [0, 0])
        #expect(counts(at: .seconds(20)) == [1, 1])
    }

    @Test func `lie in the trash when they are deleted, where lists still show them`() throws {
        var wix = try WixFixture()
        let id = wix.makeDraft(WixFixture.post(wix.member())).json["draftPost"]?["id"]?.text ?? ""

        #expect(wix.call("DELETE", "blog/v3/draft-posts/\(id)").status == 200)
        #expect(wix.call("DELETE", "blog/v3/draft-posts/\(id)").status == 404)
        #expect(wix.call("GET", "blog/v3/draft-posts/\(id)").status == 404)
        let listed = wix.call("GET", "blog/v3/draft-posts").json["draftPosts"]?.items
        #expect(listed?.map { $0["status"]?.text } == ["DELETED"])
        let open = wix.call("GET", "blog/v3/draft-posts", query: ["status": "UNPUBLISHED"])
        #expect(open.json["draftPosts"] == [])
    }

    @Test func `are made several at once, some of them`() throws {
        var wix = try WixFixture()
        let good = JSONValue.object(WixFixture.post(wix.member()))
        let bad = JSONValue.object(WixFixture.post("nobody"))
        let answer = wix.call("POST", "blog/v3/bulk/draft-posts/create", ["draftPosts": [good, bad, good]])

        #expect(answer.status == 200)
        #expect(answer.json["bulkActionMetadata"] == ["totalSuccesses": 2, "totalFailures": 1])
        let results = answer.json["results"]?.items?.map { $0["itemMetadata"] ?? .null } ?? []
        #expect(results.map { $0["success"]?.flag } == [true, false, true])
        #expect(results.map { $0["originalIndex"]?.whole } == [0, 1, 2])
        #expect(results[1]["error"]?["code"] == "MEMBERS_NOT_FOUND")
        let many = JSONValue.array(Array(repeating: good, count: 21))
        #expect(wix.call("POST", "blog/v3/bulk/draft-posts/create", ["draftPosts": many]).status == 400)
    }

    typealias Bound = (name: String, value: JSONValue, status: Int)

    static let bounds: [Bound] = [
        ("title", .string(String(repeating: "x", count: 201)), 400),
        ("excerpt", .string(String(repeating: "👩‍🍳", count: 101)), 400),
        ("excerpt", .string(String(repeating: "x", count: 500)), 200),
        ("seoSlug", .string(String(repeating: "x", count: 101)), 400),
        ("hashtags", .array(Array(repeating: "x", count: 101)), 400),
        ("tagIds", .array(Array(repeating: "x", count: 31)), 400),
        ("heroImage", ["id": "nothing"], 400),
        ("media", ["wixMedia": ["image": ["id": "nothing"]]], 400),
        ("richContent", ["nodes": [["type": "TEXT"]]], 400),
        ("richContent", ["nodes": [["type": "IMAGE", "imageData": ["image": ["src": ["id": "x"]]]]]], 400),
        ("richContent", ["nodes": [], "more": .string(String(repeating: "x", count: 400 << 10))], 413),
    ]

    @Test(arguments: bounds)
    func `have bounds`(_ bound: Bound) throws {
        var wix = try WixFixture()
        var post = WixFixture.post(wix.member())
        post[bound.name] = bound.value

        #expect(wix.makeDraft(post).status == bound.status)
    }

    @Test func `take 25 seconds by script, and are made all the same`() throws {
        var wix = try WixFixture {
            $0.faults = [FaultRule(when: .init(operation: .wixDraftCreate), fault: .slow, count: 1)]
        }
        let post = WixFixture.post(wix.member())
        let slow = wix.plan("POST", "blog/v3/draft-posts", ["draftPost": .object(post)])

        #expect(slow.delay == .seconds(25))
        #expect(slow.response.status == 200)
        #expect(wix.sandbox.core.wixSite(wix.site)?.drafts.count == 1)
    }
}

@Suite struct `Pictures of a simulated Wix site` {
    @Test func `are pending before they are ready, and may be named before that`() throws {
        var wix = try WixFixture { $0.wix.mediaSeconds = 30 }
        let png = PictureRequest(prompt: "a loaf", seed: 1, width: 64, height: 64).png()
        let file = wix.upload(png)
        let id = file["id"]?.text ?? ""
        func status(at now: Duration) -> JSONValue? {
            wix.call("GET", "site-media/v1/files/get-file-by-id", query: ["fileId": id], at: now).json["file"]
        }

        #expect(file["operationStatus"] == "PENDING")
        #expect(file["media"] == nil)
        #expect(file["sizeInBytes"] == .string("\(png.count)"))
        let post = WixFixture.post(wix.member(), more: [("heroImage", ["id": .string(id)])])
        #expect(wix.makeDraft(post).status == 200)
        #expect(status(at: .seconds(29))?["operationStatus"] == "PENDING")
        #expect(status(at: .seconds(30))?["operationStatus"] == "READY")
        #expect(status(at: .seconds(30))?["media"]?["image"]?["image"] == ["width": 64, "height": 64])
        #expect(wix.call("GET", "site-media/v1/files/\(id)").json["file"]?["id"] == .string(id))
        let member = wix.member("b@example.org", at: .seconds(2))
        let prefixed = WixFixture.post(member, more: [("heroImage", ["id": .string("wix:image://\(id)")])])
        #expect(wix.makeDraft(prefixed).status == 400)
    }

    @Test(arguments: [0.0, 30])
    func `fail by script, at once or after a while`(_ seconds: Double) throws {
        var wix = try WixFixture {
            $0.wix.mediaSeconds = seconds
            $0.faults = [FaultRule(when: .init(operation: .wixUpload), fault: .imageFailed)]
        }
        let file = wix.upload()
        let id = file["id"]?.text ?? ""

        #expect(file["operationStatus"]?.text == (seconds == 0 ? "FAILED" : "PENDING"))
        let later = wix.call("GET", "site-media/v1/files/\(id)", at: .seconds(30)).json["file"]
        #expect(later?["operationStatus"] == "FAILED")
        #expect(later?["media"] == nil)
    }

    @Test func `are at most 10 MB when they come in one piece`() throws {
        var wix = try WixFixture()

        #expect(wix.upload([1])["operationStatus"] == "READY")
        #expect(wix.upload([UInt8](repeating: 1, count: (10 << 20) + 1)) == .null)
    }
}

@Suite struct `The store of a simulated Wix site` {
    @Test func `tells only what is asked for by name, and money as text`() throws {
        var wix = try WixFixture("shop")
        func product(_ fields: String?) -> JSONValue {
            let query = fields.map { ["fields": $0] } ?? [:]
            return wix.call("GET", "stores/v3/products/rye-starter", query: query).json["product"] ?? .null
        }

        let bare = product(nil)
        #expect(bare["actualPriceRange"]?["minValue"]?["amount"] == "12.00")
        #expect(bare["url"] == nil && bare["currency"] == nil && bare["plainDescription"] == nil)
        let full = product("URL,CURRENCY,PLAIN_DESCRIPTION,MEDIA_ITEMS_INFO")
        #expect(full["url"]?.text?.hasSuffix("/product-page/rye-starter") == true)
        #expect(full["currency"] == "EUR")
        #expect(full["plainDescription"]?.text?.contains("<li>") == true)
        #expect(wix.call("GET", "stores/v3/products/kettle", query: ["fields": "url"]).status == 400)
    }

    @Test func `has one of two catalogues, and refuses calls for the other`() throws {
        var old = try WixFixture("shop-v1")

        #expect(old.call("GET", "stores/v3/provision/version").json["catalogVersion"] == "V1_CATALOG")
        #expect(old.call("GET", "stores/v3/products/kettle").status == 428)
        #expect(
            old.call("GET", "stores-reader/v1/products/kettle").json["product"]?["priceData"]?["price"] == 49,
            "money is a number there")
    }
}
