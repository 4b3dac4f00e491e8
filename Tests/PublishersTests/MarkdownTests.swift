import Testing

@testable import Publishers

@Suite struct `Markdown` {
    @Test(arguments: [
        (
            "Hello *big* **wide** ***world***",
            "<p>Hello <em>big</em> <strong>wide</strong> <em><strong>world</strong></em></p>"
        ),
        ("snake_case_name and _so_", "<p>snake_case_name and <em>so</em></p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("**open", "<p>**open</p>"),
        (
            "[a **<https://b.io/>**](https://a.io/)",
            #"<p><a href="https://a.io/" rel="nofollow noopener noreferrer ugc">a <strong>https://b.io/</strong></a></p>"#
        ),
        ("one\ntwo  \nthree\\\nfour", "<p>one\ntwo<br>\nthree<br>\nfour</p>"),
        ("`a < b` and ``x ` y``", "<p><code>a &lt; b</code> and <code>x ` y</code></p>"),
        ("\\*not\\* &amp; &copy;", "<p>*not* &amp; &amp;copy;</p>"),
        ("# One\n\n## Two #\n\n### Three", "<h2>One</h2>\n<h3>Two</h3>\n<h4>Three</h4>"),
        ("## Two\ntext", "<h2>Two</h2>\n<p>text</p>"),
        ("Title\n=====\n\nText", "<h2>Title</h2>\n<p>Text</p>"),
        ("#hashtag", "<p>#hashtag</p>"),
        ("- a\n- b\n- c", "<ul>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ul>"),
        ("- a\n\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("* a\n  - b\n  - c\n* d", "<ul>\n<li>a\n<ul>\n<li>b</li>\n<li>c</li>\n</ul></li>\n<li>d</li>\n</ul>"),
        ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("1. a\n   more\n\n   again\n2. b", "<ol>\n<li>a\nmore\n<p>again</p></li>\n<li>b</li>\n</ol>"),
        (
            "1. **Mix.** Stir.\n\n   - fine\n\n2. Wait.",
            "<ol>\n<li><strong>Mix.</strong> Stir.\n<ul>\n<li>fine</li>\n</ul></li>\n<li>Wait.</li>\n</ol>"
        ),
        ("Text:\n- a\n- b\n\nAfter", "<p>Text:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>After</p>"),
        ("> quoted\n> *more*\n\nafter", "<blockquote>\n<p>quoted\n<em>more</em></p>\n</blockquote>\n<p>after</p>"),
        (
            "```swift\nlet a = 1 < 2\n\n# no\n```\nafter",
            "<pre><code>let a = 1 &lt; 2\n\n# no</code></pre>\n<p>after</p>"
        ),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("a\r\n\r\nb", "<p>a</p>\n<p>b</p>"),
        ("", ""),
    ])
    func `becomes HTML`(_ text: String, _ expected: String) { #expect(MarkdownDocument(text).html() == expected) }

    @Test(arguments: [
        ("[a *b*](https://x.io/p?q=1&r=2)", "https://x.io/p?q=1&amp;r=2"),
        ("[a](http://x.io \"Title\")", "http://x.io"), ("[a](<https://x.io/a>)", "https://x.io/a"),
        ("[a](https://x.io/a_(b))", "https://x.io/a_(b)"), ("<https://x.io/>", "https://x.io/"),
    ])
    func `keeps links to the web`(_ text: String, _ url: String) {
        let html = MarkdownDocument(text).html()
        #expect(html.contains("<a href=\"\(url)\" rel=\"nofollow noopener noreferrer ugc\">"))
    }

    @Test(arguments: [
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)", "[x](//evil.io)", "[x](/local)", "[x](https://good.io@evil.io)", "[x](https:evil.io)",
        "[x](https://)", "[x](java\u{0}script:alert(1))", "[x](&#106;avascript:alert(1))",
        "[x](https://x.io\"onclick=\"a)",
        "<javascript:alert(1)>", "![x](https://evil.io/track.png)", "[x](file:///etc/passwd)",
        "[x](https://x.io/\u{200B})",
    ])
    func `links nowhere else`(_ text: String) {
        let html = MarkdownDocument(text).html()
        #expect(!html.contains("<a ") && !html.contains("<img"))
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "**<b onmouseover=alert(1)>x</b>**",
        "`</code><script>alert(1)</script>`", "```\n</code></pre><script>\n```", "# <iframe src=x>", "- <svg onload=a>",
        "> <style>*{}</style>", "[<img src=x>](https://x.io)", "<!-- x --><a href='javascript:a'>x</a>",
        "[a](https://x.io/'onmouseover='a)", "<scr\u{0}ipt>", "&lt;script&gt;", "\\<script>",
    ])
    func `never passes HTML through`(_ text: String) {
        let html = MarkdownDocument(text).html()
        let allowed: Set<Substring> = [
            "p", "/p", "h2", "/h2", "strong", "/strong", "em", "/em", "code", "/code", "pre", "/pre", "ul", "/ul", "li",
            "/li", "blockquote", "/blockquote", "/a",
        ]
        for piece in html.split(separator: "<").dropFirst(html.hasPrefix("<") ? 0 : 1) {
            let tag = piece.prefix { $0 != ">" }
            #expect(allowed.contains(tag) || tag.hasPrefix("a href=\"https://"), "\(html)")
        }
    }

    @Test(arguments: [
        "*", "*a ", "**a *b ", "[", "![", "[a](", "[a](https://x.io ", "> ", "- ", "`a``b", "- a\n", "<", "\n", "*a_b",
        "- a\n\n\n", "&", "word\n", "a ```` ``` `` ` ",
    ])
    func `takes no time over text that was made to take it`(_ unit: String) {
        let text = String(repeating: unit, count: 30_000 / unit.utf8.count)
        let spent = ContinuousClock().measure { _ = MarkdownDocument(text).html() }
        // In proportion to its length this takes a tenth of a second in a debug build; by its square, a minute.
        #expect(spent < .seconds(10))
    }

    @Test func `loses a heading that repeats the title`() {
        let document = MarkdownDocument("# Slow Rye!\n\nText").withoutHeading("Slow rye")
        #expect(document.html() == "<p>Text</p>")
    }

    @Test func `has plain words`() {
        #expect(MarkdownDocument("# A\n\n- *b* [c](https://x.io)\n- `d`").plainText == "A\nb c\nd")
    }

    @Test(arguments: 0..<500)
    func `never traps on noise`(_ seed: Int) {
        var noise = Noise(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        let alphabet = Array("*_`[]()<>!#-+1.) \n\t\\&;aé😀\"'>|~=:/https")
        let text = String((0..<200).map { _ in alphabet[Int(noise.next() % UInt64(alphabet.count))] })
        let html = MarkdownDocument(text).html()
        #expect(!html.contains("<a href=\"j") && !html.contains("<script"))
    }

    private struct Noise {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state >> 8
        }
    }
}

@Suite struct `Front matter` {
    @Test func `is read as it was written`() throws {
        var record = PostRecord(slug: "a", title: "He said: \"no\" \u{2028} 日本 😀 #x", date: Fixture.date)
        record.tags = ["a, b", "c\"d"]
        record.marker = "g: 1"
        record.image = "image.png"
        record.imageAlt = "line\nbreak"
        record.isSandbox = true

        let read = try #require(FrontMatter.read(FrontMatter.write(record) + "\nBody", slug: "a"))

        #expect(read.record == record)
        #expect(read.body == "\nBody")
    }

    @Test(arguments: ["", "no", "---\n", "---\ntitle: x\n", "---\ntitle: \"x\"\n---\nno marker"])
    func `is nothing when it is not ours`(_ text: String) { #expect(FrontMatter.read(text, slug: "a") == nil) }

    @Test func `written by hand is understood`() throws {
        let text = "---\ntitle: Hello world\ntags: [a, 'b c']\nmarker: g1\ndate: 2026-11-21\nimage: ../x.png\n---\nBody"
        let record = try #require(FrontMatter.read(text, slug: "a")).record

        #expect(record.title == "Hello world")
        #expect(record.tags == ["a", "b c"])
        #expect(record.date == Fixture.date)
        #expect(record.image == nil)
        #expect(record.isDraft)
    }
}
