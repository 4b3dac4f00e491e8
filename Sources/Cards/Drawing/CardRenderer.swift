import Foundation

/// Draws cards, one at a time: 1200 × 630, as social networks show them.
///
/// The same card gives the same bytes on the same fonts. Not Sendable; whoever shares it guards it.
final class CardRenderer {
    /// Part of every entity tag. Raise it with whatever changes how a card looks.
    static let designVersion = 1
    /// Held by whoever draws, in the whole process: FreeType's faces are shared by all of Cairo's contexts, and drawing long
    /// texts in several threads has failed now and then.
    private static let drawing = NSLock()
    private let fonts = Fonts()
    /// What lies under every card, for both directions: it costs as much as all that is drawn on it.
    private var grounds: [Bool: Canvas] = [:]

    /// The picture with its marks for machines.
    /// - Throws: ``CardError/notDrawn``.
    func png(of card: BattleCard) throws(CardError) -> [UInt8] {
        try PNGFile(draw(card).canvas, marks: PNGMarks(card).chunks).bytes
    }

    func draw(_ card: BattleCard) throws(CardError) -> CardDrawing {
        Self.drawing.lock()
        defer { Self.drawing.unlock() }
        var drawing = try CardDrawing(card, fonts: fonts)
        drawing.canvas.paint(try ground(for: drawing))
        drawing.drawHead()
        drawing.drawTopic()
        drawing.drawSides()
        drawing.drawOutcome()
        return drawing
    }

    private func ground(for drawing: CardDrawing) throws(CardError) -> Canvas {
        if let known = grounds[drawing.isRightToLeft] { return known }
        let ground = try drawing.makeGround()
        grounds[drawing.isRightToLeft] = ground
        return ground
    }
}
