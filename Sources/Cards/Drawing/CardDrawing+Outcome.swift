extension CardDrawing {
    private static let top = 482.0

    /// The verdict, or how far the battle has come; beside it the address.
    mutating func drawOutcome() {
        let whole = Self.width - 2 * Self.margin
        let isDecided = if case .decided = card.outcome { true } else { false }
        let addressWidth = drawAddress(top: isDecided ? Self.top : Self.top + 12, height: isDecided ? 30 : 44)
        if isDecided {
            let width = whole - (addressWidth > 0 ? addressWidth + 32 : 0)
            set(words.verdict, .semibold(20), in: Box(Self.margin, Self.top, width, 30), Color(0xFFE08A, alpha: 0.95))
            let verdict = paragraph(
                words.sentence(on: card.outcome), .regular(28, 26, 24).leading(1.3), width: whole, height: 76)
            draw(verdict, in: Box(Self.margin, Self.top + 34, whole, verdict.height), .white(0.94))
        } else {
            let width = whole - (addressWidth > 0 ? addressWidth + 32 : 0)
            set(
                words.sentence(on: card.outcome), .semibold(30, 27), in: Box(Self.margin, Self.top + 12, width, 44),
                .white(0.94))
            drawProgress()
        }
    }

    /// - Returns: how much of the line it takes.
    private mutating func drawAddress(top: Double, height: Double) -> Double {
        guard !card.address.isEmpty else { return 0 }
        let text = paragraph(card.address, .regular(20), width: 420, edge: start.opposite)
        draw(text, in: placed(Box(Self.width - Self.margin - 420, top, 420, height)), .white(0.6))
        return text.width
    }

    /// A stroke for each turn, those that are done in the colour of whose turn it was.
    private func drawProgress() {
        guard case .underway(let done, let turns) = card.outcome else { return }
        let gap = 10.0
        let width = (Self.width - 2 * Self.margin - gap * Double(turns - 1)) / Double(turns)
        for turn in 0..<turns {
            let box = placed(Box(Self.margin + Double(turn) * (width + gap), Self.top + 78, width, 12))
            canvas.rectangle(box, radius: 6)
            let color = turn.isMultiple(of: 2) ? Self.proColor : Self.conColor
            canvas.fill(turn < done ? Color(color) : .white(0.16))
        }
    }
}
