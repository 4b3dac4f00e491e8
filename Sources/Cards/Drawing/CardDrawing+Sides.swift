extension CardDrawing {
    private static let panelWidth = 494.0
    private static let panelTop = 348.0
    private static let panelHeight = 112.0

    /// Two panels that face each other.
    mutating func drawSides() {
        let right = Self.width - Self.margin - Self.panelWidth
        drawSide(card.pro, at: Self.margin, isFirst: true, isWinner: winner == .pro)
        drawSide(card.con, at: right, isFirst: false, isWinner: winner == .con)
        let center = (x: Self.width / 2, y: Self.panelTop + Self.panelHeight / 2)
        canvas.circle(center.x, center.y, radius: 35)
        canvas.fill(Color(0x0A0D1C, alpha: 0.9))
        canvas.circle(center.x, center.y, radius: 35)
        canvas.stroke(.white(0.3), width: 2)
        set("VS", .bold(24), in: Box(center.x - 35, center.y - 35, 70, 70), .white(0.95), edge: .middle)
        if winner == .tie { drawTag(words.tie, .white(1), middle: center.x) }
    }

    private var winner: BattleCard.Winner {
        if case .decided(let winner, _) = card.outcome { winner } else { .none }
    }

    /// The first has its sign at the outer side where lines begin, the second at the other.
    private mutating func drawSide(_ side: BattleCard.Side, at x: Double, isFirst: Bool, isWinner: Bool) {
        let accent = isFirst ? Self.proColor : Self.conColor
        let panel = Box(x, Self.panelTop, Self.panelWidth, Self.panelHeight)
        canvas.rectangle(placed(panel), radius: 24)
        canvas.fill(isWinner ? Color(accent, alpha: 0.20) : .white(0.07))
        canvas.rectangle(placed(panel), radius: 24)
        canvas.stroke(isWinner ? Color(accent) : .white(0.14), width: isWinner ? 3 : 1.5)

        let sign = Box(isFirst ? panel.x + 24 : panel.right - 92, panel.y + 22, 68, 68)
        drawSign(of: side, in: sign, accent)
        let text = Box(isFirst ? panel.x + 112 : panel.x + 52, panel.y, panel.width - 164, panel.height)
        let edge = isFirst ? start : start.opposite
        if side.style.isEmpty {
            set(side.name, .semibold(31, 28, 25), in: text, .white(1), edge: edge)
        } else {
            set(side.name, .semibold(31, 28, 25), in: Box(text.x, text.y + 15, text.width, 44), .white(1), edge: edge)
            set(side.style, .regular(22), in: Box(text.x, text.y + 60, text.width, 34), .white(0.7), edge: edge)
        }
        if isWinner { drawTag(words.winner, Color(accent), middle: placed(sign).middle.x) }
    }

    /// A disc with the first character of the name.
    private mutating func drawSign(of side: BattleCard.Side, in box: Box, _ accent: UInt32) {
        let disc = placed(box)
        canvas.circle(disc.middle.x, disc.middle.y, radius: box.width / 2)
        canvas.fillLinear(
            from: (disc.x, disc.y), to: (disc.right, disc.bottom),
            [(0, Color(accent)), (1, Color(accent, alpha: 0.55))])
        let initial = side.name.first.map { String(String($0).unicodeScalars.prefix(12)) } ?? ""
        set(initial, .bold(34), in: box, Color(0x0A0D1C), edge: .middle)
    }

    /// A small label on the upper edge of the panels.
    private mutating func drawTag(_ text: String, _ color: Color, middle: Double) {
        let label = paragraph(text, .bold(19), width: 240, edge: .middle)
        let width = label.width + 30
        let left = min(max(Self.margin - 8, middle - width / 2), Self.width - Self.margin + 8 - width)
        let pill = Box(left, Self.panelTop - 18, width, 34)
        canvas.rectangle(pill, radius: 17)
        canvas.fill(color)
        draw(label, in: Box(pill.middle.x - 120, pill.y, 240, pill.height), Color(0x0A0D1C))
    }
}
