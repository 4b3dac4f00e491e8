import Testing

@testable import Cards

@Suite struct `A card's text` {
    static let scripts: [(name: String, text: String, language: String)] = [
        ("Latin", "Straße, smørrebrød, naïveté, Łódź, ĳs", "en"), ("Turkish", "Iğdır'da çılgın ışık, İĞÜŞÖÇ", "tr"),
        ("Vietnamese", "Tiếng Việt nước mắm đặc biệt", "vi"), ("Greek", "Ξεσκεπάζω την ψυχοφθόρα", "el"),
        ("Cyrillic", "Съешь же ещё этих мягких булок, ґїєў", "uk"), ("Armenian", "Բել դղյակի ձախ ժամն", "hy"),
        ("Georgian", "ჩემი ენა საქართველო", "ka"), ("Hebrew", "דג סקרן שט בים מאוכזב", "he"),
        ("Arabic", "نصٌّ حكيمٌ له سرٌّ قاطع ٣٫١٤", "ar"), ("Persian", "یک گپ چهار ژرف", "fa"),
        ("Urdu", "ٹھنڈا پانی ڈھونڈو", "ur"), ("Hindi", "ऋषियों को सताने वाले क्षत्रिय", "hi"),
        ("Bengali", "আমার সোনার বাংলা", "bn"), ("Tamil", "யாமறிந்த மொழிகளிலே", "ta"),
        ("Thai", "เป็นมนุษย์สุดประเสริฐ", "th"), ("Khmer", "ភាសាខ្មែរ", "km"), ("Amharic", "ሰማይ አይታረስ", "am"),
        ("Japanese", "いろはにほへと 日本語、カタカナ「々」", "ja"), ("Chinese", "简体中文与繁體中文", "zh"),
        ("Korean", "다람쥐 헌 쳇바퀴에 타고파", "ko"), ("Emoji", "👩🏽‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇹🇷 1️⃣ ❤️ 🧑🏿‍🚀", "en"),
        ("Symbols", "≤ ≥ ≠ → ∑ √ € ₺ ₿ ™ № “ ” … – —", "en"),
    ]

    @Test(arguments: scripts) func `has a shape for every character of every script`(
        _ script: (name: String, text: String, language: String)
    ) throws {
        let card = BattleCard.make(
            topic: script.text, room: script.text, pro: script.text, con: script.text, style: script.text,
            outcome: .decided(.con, verdict: script.text), language: script.language)

        let drawing = try CardRenderer().draw(card)

        #expect(drawing.unknownGlyphs == 0, "\(script.name)")
    }

    @Test(arguments: ["en", "tr", "ar", "ja", "xx"]) func `of its own can be written`(_ language: String) throws {
        let outcomes: [BattleCard.Outcome] = [
            .waiting, .underway(turn: 0, of: 6), .underway(turn: 2, of: 6), .judging, .unfinished, .failed, .cancelled,
            .decided(.tie, verdict: "x"), .decided(.none, verdict: "x"),
        ]
        for outcome in outcomes {
            #expect(try CardRenderer().draw(.make(outcome: outcome, language: language)).unknownGlyphs == 0)
        }
    }

    @Test func `without a shape is counted`() throws {
        #expect(try CardRenderer().draw(.make(topic: "\u{F0000}")).unknownGlyphs > 0)
    }

    static let long: [String] = [
        String(repeating: "Pneumonoultramicroscopicsilicovolcanoconiosis is long; ", count: 20),
        String(repeating: "無限に続く題名", count: 60), String(repeating: "نقاش لا ينتهي أبدًا ", count: 40),
        String(repeating: "W", count: 5_000), String(repeating: "👩🏽‍💻", count: 500),
        "Z" + String(repeating: "\u{0363}\u{030A}\u{0325}", count: 300),
    ]

    @Test(arguments: long) func `stays inside its box however long it is`(_ text: String) throws {
        let renderer = CardRenderer()
        let isRightToLeft = CardText.isRightToLeft(text)
        let short = try renderer.draw(.make(topic: isRightToLeft ? "ا" : "-")).canvas.colors()

        let pixels = try renderer.draw(.make(topic: text)).canvas.colors()

        let box = CardDrawing.topicBox
        let allowed = Box(box.x - 8, box.y - 24, box.width + 16, box.height + 48)
        #expect(pixels.differences(from: short, outside: allowed) == 0)
        #expect(pixels != short)
    }

    @Test(arguments: long) func `leaves the frame free whichever text is long`(_ text: String) throws {
        let renderer = CardRenderer()
        let topic = CardText.isRightToLeft(text) ? "ا" : "-"
        let outcome = BattleCard.Outcome.decided(.none, verdict: "-")
        let bare = try renderer.draw(
            .make(topic: topic, room: "", pro: "", con: "", style: "", outcome: outcome, address: "")
        ).canvas.colors()

        let full = try renderer.draw(
            .make(
                topic: topic, room: text, pro: text, con: text, style: text, outcome: .decided(.none, verdict: text),
                address: text)
        ).canvas.colors()

        let frame = Box(48, 40, CardDrawing.width - 96, CardDrawing.height - 48)
        #expect(full.differences(from: bare, outside: frame) == 0)
    }

    @Test func `is cut with an ellipsis when nothing else helps`() {
        let fonts = Fonts()
        let style = TextStyle.bold(66, 34)

        let cut = Paragraph(Self.long[0], style, families: "Inter", fonts: fonts.context, width: 1072, height: 200)
        let whole = Paragraph("Tea?", style, families: "Inter", fonts: fonts.context, width: 1072, height: 200)

        #expect(cut.isCut)
        #expect(cut.height <= 200)
        #expect(!whole.isCut)
        #expect(whole.lineCount == 1)
    }

    @Test func `is data and never markup`() throws {
        let renderer = CardRenderer()

        let marked = try renderer.draw(.make(topic: "<span size='99999999'>x</span> &lt;")).canvas.colors()
        let plain = try renderer.draw(.make(topic: "x <")).canvas.colors()

        #expect(marked != plain)
        #expect(BattleCard.make(topic: "<b>x</b>").topic == "<b>x</b>")
    }

    @Test(arguments: [
        ("a\u{0}b", "a b"), ("  a \n\t b\u{2028}c ", "a b c"), ("\u{202E}abc", "abc"), ("\u{0}\u{1B}", ""),
        ("a\u{200D}b", "a\u{200D}b"),
    ]) func `is one line without what cannot be shown`(_ text: String, _ expected: String) {
        #expect(BattleCard.make(topic: text).topic == expected)
    }

    @Test func `of right-to-left readers turns the card around`() throws {
        #expect(try CardRenderer().draw(BattleCard.examples[1].card).isRightToLeft)
        #expect(try !CardRenderer().draw(BattleCard.examples[0].card).isRightToLeft)
    }

    @Test func `in Chinese and Japanese has the shapes of its language`() throws {
        let renderer = CardRenderer()

        let japanese = try renderer.draw(.make(topic: "直角骨海", language: "ja")).canvas.colors()
        let chinese = try renderer.draw(.make(topic: "直角骨海", language: "zh")).canvas.colors()

        #expect(japanese.differences(from: chinese, outside: Box(0, 0, 0, 0)) > 100)
    }
}
