import Testing

@testable import Cards

@Suite struct `A card's file` {
    @Test(arguments: BattleCard.examples.map(\.card)) func `is a whole picture of 1200 by 630`(_ card: BattleCard)
        throws
    {
        let file = try #require(PNGReading(CardRenderer().png(of: card)))

        #expect(file.width == 1200)
        #expect(file.height == 630)
        #expect(file.chunks.allSatisfy { $0.isWhole })
        #expect(file.chunks.last?.type == "IEND")
    }

    @Test func `says to machines that an AI wrote it`() throws {
        let file = try #require(PNGReading(CardRenderer().png(of: .make(topic: "Çay mı, kahve mi?"))))

        #expect(file.text("AI-Generated") == "true")
        #expect(file.text("Comment")?.contains("AI") == true)
        #expect(file.text("Title") == "Çay mı, kahve mi?")
        #expect(
            file.text("XML:com.adobe.xmp")?.contains(
                #"Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/composite"#) == true)
    }

    @Test func `has the same bytes for the same card, whoever drew what before`() throws {
        let renderer = CardRenderer()
        let card = BattleCard.examples[1].card

        let first = try renderer.png(of: card)
        for example in BattleCard.examples { _ = try renderer.png(of: example.card) }
        let again = try renderer.png(of: card)
        let elsewhere = try CardRenderer().png(of: card)

        #expect(first == again)
        #expect(first == elsewhere)
    }

    @Test func `keeps markup in its metadata apart`() throws {
        let file = try #require(PNGReading(CardRenderer().png(of: .make(topic: "</rdf:li><script>&"))))

        #expect(file.text("Title") == "</rdf:li><script>&")
        #expect(file.text("XML:com.adobe.xmp")?.contains("&lt;/rdf:li&gt;&lt;script&gt;&amp;") == true)
        #expect(file.text("XML:com.adobe.xmp")?.contains("<script>") == false)
    }
}

@Suite struct `A card's tag` {
    @Test func `is the same for the same card`() {
        #expect(BattleCard.make().etag == BattleCard.make().etag)
        #expect(BattleCard.make().etag.wholeMatch(of: /"[0-9a-f]{32}"/) != nil)
    }

    @Test func `changes with whatever the card shows`() {
        let cards: [BattleCard] = [
            .make(), .make(topic: "x"), .make(room: "x"), .make(pro: "x"), .make(con: "x"), .make(style: "x"),
            .make(language: "tr"), .make(address: "x"), .make(outcome: .waiting), .make(outcome: .judging),
            .make(outcome: .underway(turn: 1, of: 6)), .make(outcome: .underway(turn: 2, of: 6)),
            .make(outcome: .underway(turn: 1, of: 8)), .make(outcome: .unfinished), .make(outcome: .failed),
            .make(outcome: .cancelled), .make(outcome: .decided(.con, verdict: "Ada had the better sources.")),
            .make(outcome: .decided(.pro, verdict: "x")), .make(topic: "Tea or coffee?K", room: "itchen"),
        ]

        #expect(Set(cards.map(\.etag)).count == cards.count)
    }
}
