import CPangoCairo

/// One card being drawn.
struct CardDrawing {
    static let width = 1200.0
    static let height = 630.0
    static let margin = 64.0

    let card: BattleCard
    let canvas: Canvas
    let fonts: Fonts
    let words: CardWords
    /// Arabic, Hebrew and their like: the whole card is turned around, as its readers expect.
    let isRightToLeft: Bool
    private let families: String
    /// Characters for which no font had a shape.
    private(set) var unknownGlyphs = 0

    /// - Throws: ``CardError/notDrawn`` without memory.
    init(_ card: BattleCard, fonts: Fonts) throws(CardError) {
        self.card = card
        self.fonts = fonts
        canvas = try Canvas(width: Int(Self.width), height: Int(Self.height))
        words = CardWords(language: card.language)
        isRightToLeft = CardText.isRightToLeft(card.topic)
        let language = CardLanguage(card.language)
        families = language.fonts
        fonts.use(language)
    }

    /// The edge at which lines begin.
    var start: Edge { isRightToLeft ? .right : .left }

    /// A box of the left-to-right plan where this card has it.
    func placed(_ box: Box) -> Box { isRightToLeft ? box.mirrored(across: Self.width) : box }

    func paragraph(
        _ text: String, _ style: TextStyle, width: Double, height: Double = 0, edge: Edge? = nil
    ) -> Paragraph {
        Paragraph(
            text, style, families: families, fonts: fonts.context, width: width, height: height, edge: edge ?? start)
    }

    /// Sets a text into a box of the plan, at the edge where lines begin unless told otherwise.
    mutating func set(_ text: String, _ style: TextStyle, in box: Box, _ color: Color, edge: Edge? = nil) {
        let paragraph = paragraph(text, style, width: box.width, height: box.height, edge: edge)
        draw(paragraph, in: placed(box), color)
    }

    /// - Parameter box: where it is on this card.
    mutating func draw(_ paragraph: Paragraph, in box: Box, _ color: Color) {
        paragraph.draw(on: canvas, in: box, color)
        unknownGlyphs += paragraph.unknownGlyphs
    }
}
