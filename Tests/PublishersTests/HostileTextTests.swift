import Foundation
import Outbound
import Sandbox
import Testing

@testable import Publishers

@Suite struct `Hostile texts` {
    /// Two thousand posts in all, each hostile in every field, in parts that run side by side.
    static let parts = 0..<20
    static let postsPerPart = 100

    @Test(arguments: parts)
    func `become no element, attribute or address of their own on a page`(_ part: Int) throws {
        var grammar = HostileGrammar(seed: UInt64(part))
        var records: [PostRecord] = []
        for number in 0..<Self.postsPerPart {
            let post = grammar.post()
            let record = Self.record(post)
            let article = ArticlePage(record: record, text: post.body, siteTitle: grammar.line())

            try Self.hold(article.html, "the page of post \(number)")
            try Self.hold(MarkdownDocument(post.body).html(), "the text of post \(number)")
            records.append(record)
            if records.count == 10 {
                try Self.hold(IndexPage(records: records, siteTitle: grammar.line()).html, "the index at \(number)")
                records = []
            }
        }
    }

    @Test(arguments: parts)
    func `become no node and no address of their own in a Wix post`(_ part: Int) throws {
        var grammar = HostileGrammar(seed: UInt64(part))
        for number in 0..<Self.postsPerPart {
            let post = grammar.post()
            let request = try WixDraft.json(post, slug: "s", member: "m", tags: ["t"], image: "i")

            let draft = try #require(try JSONValue(parsing: request.bytes)["draftPost"])
            let nodes = try #require(draft["richContent"]?["nodes"]?.items)
            let breaches = RicosBreaches.found(in: nodes)
            try #require(breaches.isEmpty, "post \(number): \(breaches.prefix(3))")
            try #require(Self.isSame(draft["title"]?.text, post.title), "post \(number)")
            try #require(
                draft.object?.members.map(\.name) == [
                    "title", "memberId", "excerpt", "language", "seoSlug", "tagIds", "heroImage", "media", "seoData",
                    "richContent",
                ])
        }
    }

    @Test(arguments: parts)
    func `come back from front matter as they were, and bring nothing along`(_ part: Int) throws {
        var grammar = HostileGrammar(seed: UInt64(part))
        for number in 0..<Self.postsPerPart {
            let post = grammar.post()
            let record = Self.record(post)
            let draft = FrontMatter.write(record) + "\n" + post.body + "\n"
            let published = try #require(FrontMatter.published(draft))

            for file in [draft, published] {
                let yaml = try YAMLLines(file)
                try #require(yaml.names.sorted() == Self.names, "post \(number)")
                for (name, text) in [
                    ("title", post.title), ("excerpt", post.excerpt), ("description", post.metaDescription),
                    ("author", post.author), ("language", post.language), ("image_alt", record.imageAlt),
                ] {
                    let found = try yaml.text(name)
                    try #require(Self.isSame(found, text), "\(name) of post \(number)")
                }
                let read = try #require(FrontMatter.read(file, slug: record.slug)).record
                try #require(Self.isSame(read.title, post.title), "post \(number), as we read it")
                try #require(read.tags == post.tags && read.marker == record.marker, "post \(number)")
            }
        }
    }

    @Test func `lie in a folder as harmless files`() async throws {
        var grammar = HostileGrammar(seed: 2_000)
        let posts = (0..<25).map { _ in
            var post = grammar.post()
            // As long as a title may be.
            post.title = "T\(post.title.prefix(200))"
            return post
        }
        try await Fixture.with { fixture in
            let publisher = fixture.publisher(title: posts[0].title)
            for (number, post) in posts.enumerated() {
                let draft = try await publisher.createDraft(post, marker: "g\(number)", deadline: .seconds(10))
                _ = try await publisher.publish(draft.id, deadline: .seconds(10))
                let files = try fixture.names("bakery/\(draft.id)")
                let yaml = try YAMLLines(fixture.read("bakery/\(draft.id)/index.md"))
                let title = try yaml.text("title")

                try Self.hold(fixture.read("bakery/\(draft.id)/index.html"), "the page of post \(number)")
                #expect(files == ["image.png", "index.html", "index.md"])
                #expect(Self.isSame(title, post.title), "post \(number)")
                #expect(try yaml.text("marker") == "g\(number)")
            }
            try Self.hold(fixture.read("bakery/index.html"), "the index")
            #expect(try fixture.events().count == 2 * posts.count)
        }
    }

    // MARK: What the tests above rest on

    @Test func `are hostile, and hold good links too`() {
        var counts: [String: Int] = [:]
        func count(_ pieces: [String], in text: String) {
            for piece in pieces where text.contains(piece) { counts[piece, default: 0] += 1 }
        }
        for part in Self.parts {
            var grammar = HostileGrammar(seed: UInt64(part))
            for _ in 0..<Self.postsPerPart {
                let body = grammar.post().body
                count(["<script", "javascript", " on", "](", "<!--", "</"], in: body.lowercased())
                count(
                    ["<a href=\"https", "<blockquote>", "<ul>", "<pre>", "<strong>"],
                    in: MarkdownDocument(body).html())
            }
        }

        #expect(counts.count == 11)
        for (piece, number) in counts { #expect(number >= 5, "\(piece)") }
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "<SCRIPT/x>alert(1)</SCRIPT>", "<img src=x.png onerror=alert(1)>",
        "<svg/onload=a>", "<p onclick=\"x\">y</p>", "<p style='x'>y</p>", "<p\u{C}onclick=x>y</p>",
        "<iframe src=x></iframe>", "<math>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>",
        "<form action=x>", "<!-- x -->", "<!x>", "<?x?>", "</article>", "<p>", "<b", "<plaintext>",
        "<title>x</title><script>", "<style></style><script></script>", "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"java&#x09;script:alert(1)\">x</a>", "<a href=' data:x'>x</a>", "<a href=\"//evil.example/\">x</a>",
        "<a href=\"https://good.example/\">x</a>", "<a href=../../index.html>x</a>",
        "<a href=\"https://good.example@evil.example/\" rel=\"nofollow noopener noreferrer ugc\">x</a>",
        "<a href=\"https://good.example/\" rel=\"nofollow noopener noreferrer ugc\" rel=x>x</a>",
        "<p class=other>x</p>", "<img src=//evil.example/x.png alt=x>", "&#x3C;script>", "&colon;", "\u{202E}",
        "\u{0}",
    ])
    func `would be found if they passed`(_ planted: String) {
        let page = Self.page("PLANTED")

        #expect(HTMLRules.breaches(in: page) == [])
        #expect(!HTMLRules.breaches(in: page.replacing("<p>PLANTED</p>", with: "<p>a \(planted) b</p>")).isEmpty)
    }

    @Test(arguments: ["\" onload=\"x", "\"><script>", "\" src=\"x.png", "x\" onerror=x y=\"", "&Tab;", "\"/onload=\"x"])
    func `would be found if they left their attribute`(_ planted: String) {
        let page = Self.page("text")

        #expect(!HTMLRules.breaches(in: page.replacing("alt=\"A loaf\"", with: "alt=\"\(planted)\"")).isEmpty)
    }

    @Test func `would be found in a Wix post`() throws {
        for planted in [
            #"{"type":"HTML","nodes":[]}"#, #"{"type":"TEXT","nodes":[],"textData":{"text":"x","decorations":[]}}"#,
            #"{"type":"PARAGRAPH","nodes":[],"paragraphData":{},"onclick":"x"}"#,
            #"{"type":"PARAGRAPH","nodes":[],"paragraphData":{"style":"x"}}"#,
            #"{"type":"PARAGRAPH","nodes":[{"type":"IMAGE","nodes":[]}],"paragraphData":{}}"#,
            #"""
            {"type":"PARAGRAPH","nodes":[{"type":"TEXT","nodes":[],"textData":{"text":"x","decorations":[{"type":"LINK",
            "linkData":{"link":{"url":"javascript:x","target":"BLANK","rel":{}}}}]}}],"paragraphData":{}}
            """#,
        ] {
            let node = try JSONValue(parsing: Array(planted.utf8))

            #expect(!RicosBreaches.found(in: [node]).isEmpty, "\(planted)")
        }
    }

    // MARK: Set-up

    private static let names = [
        "ai_generated", "author", "date", "description", "draft", "excerpt", "generated_by", "image", "image_alt",
        "language", "marker", "sandbox", "slug", "tags", "title",
    ]

    private static func record(_ post: Post) -> PostRecord {
        PostRecord(post, slug: Slug(cleaning: post.slug), marker: "g1", image: "image.png")
    }

    private static func page(_ body: String) -> String {
        let post = Post.make(body: body)
        return ArticlePage(record: record(post), text: body, siteTitle: "The Bakery").html
    }

    private static func hold(_ html: String, _ what: String) throws {
        let breaches = HTMLRules.breaches(in: html)
        try #require(breaches.isEmpty, "\(what): \(breaches.prefix(3))")
    }

    /// To the last scalar: two texts that only look alike are two texts.
    private static func isSame(_ text: String?, _ other: String) -> Bool {
        text.map { $0.unicodeScalars.elementsEqual(other.unicodeScalars) } ?? false
    }
}

/// The lines between `---` as a reader of YAML takes them: a name and a JSON value each, YAML's own characters only.
private struct YAMLLines {
    private struct Line {
        let name: String
        let value: Data
    }

    private let lines: [Line]

    init(_ file: String) throws {
        let all = file.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        try #require(all.first?.elementsEqual("---".utf8) == true)
        let end = try #require(all.dropFirst().firstIndex(where: { $0.elementsEqual("---".utf8) }))
        lines = try all[1..<end].map { line in
            let colon = try #require(line.firstIndex(of: UInt8(ascii: ":")))
            let value = String(decoding: line[line.index(after: colon)...], as: UTF8.self)
            try #require(value.utf8.first == UInt8(ascii: " "))
            try #require(value.unicodeScalars.allSatisfy(Self.isPrintable))
            return Line(name: String(decoding: line[..<colon], as: UTF8.self), value: Data(value.utf8))
        }
    }

    var names: [String] { lines.map(\.name) }

    func text(_ name: String) throws -> String {
        let line = try #require(lines.first(where: { $0.name == name }))
        return try JSONDecoder().decode(String.self, from: line.value)
    }

    /// What YAML lets stand in a line, whichever of its versions.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}
