import Foundation
import HTTPTypes
import Outbound
import Synchronization
import Testing

@testable import Publishers

/// One thing we do on Wix, and the answers it gets when all is well.
struct WixScene: Sendable, CustomTestStringConvertible {
    struct Answer: Sendable {
        /// Method and path; a picture goes wherever Wix says.
        let request: String
        let body: String

        init(_ request: String, _ body: String) {
            self.request = request
            self.body = body
        }
    }

    let testDescription: String
    let answers: [Answer]
    let act: @Sendable (WixPublishers) async throws -> Void

    static let all = [
        WixScene(testDescription: "a draft", answers: [token] + forDraft) { publishers in
            _ = try await publishers.publisher(instance: "site-1")
                .createDraft(.make(), marker: "g1", deadline: WixScene.patience)
        },
        WixScene(testDescription: "a publication", answers: [token] + forPublication) { publishers in
            _ = try await publishers.publisher(instance: "site-1").publish(PostID("d1"), deadline: WixScene.patience)
        },
        WixScene(testDescription: "strays", answers: [token, drafts]) { publishers in
            let publisher = publishers.publisher(instance: "site-1")
            _ = try await publisher.strays(of: [MarkedPost(marker: "g1", kept: nil)], deadline: WixScene.patience)[
                "g1", default: []]
        },
        WixScene(testDescription: "a check", answers: [token, drafts, instance]) { publishers in
            _ = try await publishers.publisher(instance: "site-1").checkConnection(deadline: WixScene.patience)
        },
        WixScene(testDescription: "a product of the first catalogue", answers: [token] + forFirst) { publishers in
            _ = try await publishers.product("p1", instance: "site-1", deadline: WixScene.patience)
        },
        WixScene(testDescription: "a product of the third catalogue", answers: [token] + forThird) { publishers in
            _ = try await publishers.product("p1", instance: "site-1", deadline: WixScene.patience)
        },
    ]

    private static let patience = Duration.seconds(600)

    private static let token = Answer(
        "POST /oauth2/token", #"{"access_token":"t-1","token_type":"Bearer","expires_in":14400}"#)

    private static let drafts = Answer(
        "GET /blog/v3/draft-posts",
        #"{"draftPosts":[{"id":"d0","seoSlug":"other-pabcdefghijkl","slugs":["x","other"]}],"metaData":{"total":1}}"#)

    private static let instance = Answer(
        "GET /apps/v1/instance", #"{"site":{"siteDisplayName":"The Bakery","url":"https://bakery.example"}}"#)

    private static let draft = """
        {"draftPost":{"id":"d1","status":"UNPUBLISHED","seoSlug":"why-rye","slugs":["why-rye"],
         "url":{"base":"https://bakery.example","path":"/post/why-rye"}}}
        """

    private static let forDraft = [
        Answer("POST /blog/v3/draft-posts/query", #"{"draftPosts":[{"id":"d0","seoSlug":"other","slugs":[]}]}"#),
        Answer(
            "GET /members/v1/members",
            #"{"members":[{"id":"m1","loginEmail":"a@b.example","profile":{"nickname":"Bob"}}]}"#),
        Answer("POST /members/v1/members", #"{"member":{"id":"m2","profile":{"nickname":"Ada"}}}"#),
        Answer("GET /blog/v3/tags", #"{"tags":[{"id":"t1","label":"bread"}]}"#),
        Answer("POST /blog/v3/tags", #"{"tag":{"id":"t2","label":"rye"}}"#),
        Answer(
            "POST /site-media/v1/files/generate-upload-url", #"{"uploadUrl":"https://upload.example/u?once=true"}"#),
        Answer("PUT", #"{"file":{"id":"a~mv2.png","operationStatus":"READY"}}"#),
        Answer("POST /blog/v3/draft-posts", draft),
    ]

    private static let forPublication = [
        Answer("POST /blog/v3/draft-posts/d1/publish", #"{"postId":"d1"}"#),
        Answer("GET /blog/v3/draft-posts/d1", draft),
    ]

    private static let forFirst = [
        Answer("GET /stores/v3/provision/version", #"{"catalogVersion":"V1_CATALOG"}"#),
        Answer(
            "GET /stores-reader/v1/products/p1",
            """
            {"product":{"id":"p1","name":"Starter","description":"<p>Rye &amp; water</p>","brand":"Own",
             "priceData":{"currency":"EUR","price":9.5,"formatted":{"price":"9,50 €","discountedPrice":null}},
             "media":{"mainMedia":{"image":{"url":"https://static.example/p.jpg"}}},
             "additionalInfoSections":[{"title":"Care","description":"<b>Cool</b>"}],
             "productPageUrl":{"base":"https://bakery.example","path":"/p/starter"}}}
            """),
    ]

    private static let forThird = [
        Answer("GET /stores/v3/provision/version", #"{"catalogVersion":"V3_CATALOG"}"#),
        Answer(
            "GET /stores/v3/products/p1",
            """
            {"product":{"id":"p1","name":"Starter","plainDescription":"<p>Rye</p>","currency":"EUR",
             "actualPriceRange":{"minValue":{"amount":"9.50","formattedAmount":"9,50 €"}},"brand":{"name":"Own"},
             "media":{"main":{"url":"https://static.example/p.jpg","image":{"url":"https://static.example/i.jpg"}}},
             "url":{"url":"https://bakery.example/p/starter"}}}
            """),
    ]
}

/// Wix in one scene, with one of its answers spoiled.
final class SpoiledWix: Transport {
    private let scene: WixScene
    private let place: Int
    private let answer: OutboundResponse
    private let asked = Mutex<[OutboundRequest]>([])

    init(_ scene: WixScene, at place: Int, _ answer: OutboundResponse) {
        self.scene = scene
        self.place = place
        self.answer = answer
    }

    var requests: [OutboundRequest] { asked.withLock { $0 } }

    func send(_ request: OutboundRequest, deadline: Duration) async throws -> OutboundResponse {
        asked.withLock { $0.append(request) }
        let name = request.method == .put ? "PUT" : "\(request.method.rawValue) \(request.url.path)"
        guard let found = scene.answers.firstIndex(where: { $0.request == name }) else {
            return OutboundResponse(status: 404, body: Array("{}".utf8))
        }
        if found == place { return answer }
        return OutboundResponse(status: 200, body: Array(scene.answers[found].body.utf8))
    }
}
