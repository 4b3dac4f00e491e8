import Testing

@testable import Publishers

@Suite struct `A slug` {
    @Test(arguments: [
        ("Why Rye Rises", "why-rye-rises"), ("  --Déjà vu!--  ", "deja-vu"), ("Größe & Maß", "grosse-mass"),
        ("Łódź, Ærø, Þór", "lodz-aero-thor"), ("Привет, мир", "privet-mir"), ("Καλημέρα", "kalimera"),
        ("don't stop", "dont-stop"), ("10 % mehr", "10-mehr"), ("a/b\\c..d", "a-b-c-d"), ("İstanbul", "istanbul"),
        ("Cafe\u{301}", "cafe"), ("x\u{0}\u{202E}y", "x-y"),
    ])
    func `is folded to plain letters`(_ wish: String, _ expected: String) {
        #expect(Slug(cleaning: wish).text == expected)
    }

    @Test(arguments: ["", "日本語", "!!!", "..", "\u{0}"])
    func `has a fingerprint when no letter is left`(_ wish: String) {
        let slug = Slug(cleaning: wish)
        #expect(slug.text.hasPrefix("post-") && slug.text.utf8.count == 13)
        #expect(slug == Slug(cleaning: wish))
    }

    @Test func `is cut between words`() {
        let slug = Slug(cleaning: String(repeating: "word ", count: 100))
        #expect(slug.text.utf8.count <= 80 && slug.text.hasSuffix("-word"))
        #expect(Slug(cleaning: String(repeating: "x", count: 500)).text.utf8.count == 80)
    }

    @Test(arguments: ["..", "a/b", "", "-a", "A", "a b", ".pressroom", String(repeating: "a", count: 200), "ä"])
    func `in a receipt is only ever a slug`(_ text: String) { #expect(Slug(exact: text) == nil) }
}
