extension CardDrawing {
    static let proColor: UInt32 = 0xFF7A59
    static let conColor: UInt32 = 0x4CC2FF
    private static let house = "Pressroom Arena"

    /// Night, with a light from either side.
    func makeGround() throws(CardError) -> Canvas {
        let ground = try Canvas(width: Int(Self.width), height: Int(Self.height))
        let whole = Box(0, 0, Self.width, Self.height)
        ground.rectangle(whole)
        ground.fillLinear(from: (0, 0), to: (0, Self.height), [(0, Color(0x151A33)), (1, Color(0x0A0D1C))])
        let (first, last) = isRightToLeft ? (Self.width, 0) : (0, Self.width)
        for (x, color) in [(first, Self.proColor), (last, Self.conColor)] {
            ground.rectangle(whole)
            ground.fillRadial(
                center: (x, 470), radius: 560, [(0, Color(color, alpha: 0.34)), (1, Color(color, alpha: 0))])
        }
        ground.rectangle(Box(0, Self.height - 8, Self.width, 8))
        ground.fillLinear(
            from: (first, 0), to: (last, 0), [(0, Color(Self.proColor)), (1, Color(Self.conColor))])
        return ground
    }

    /// The house, the room, and on the other side the mark that says whose texts these are.
    mutating func drawHead() {
        let markWidth = drawMark()
        let sign = placed(Box(Self.margin, 52, 50, 44))
        canvas.circle(isRightToLeft ? sign.right - 15 : sign.x + 15, sign.middle.y, radius: 14)
        canvas.fill(Color(Self.proColor))
        canvas.circle(isRightToLeft ? sign.right - 32 : sign.x + 32, sign.middle.y, radius: 14)
        canvas.fill(Color(Self.conColor, alpha: 0.85))

        let house = paragraph(Self.house, .semibold(25), width: 320)
        let houseBox = Box(Self.margin + 62, 52, 320, 44)
        draw(house, in: placed(houseBox), .white(0.95))
        guard !card.room.isEmpty else { return }
        let x = houseBox.x + house.width + 18
        let width = Self.width - Self.margin - markWidth - 24 - x - 22
        let dot = placed(Box(x, 52, 6, 44))
        canvas.circle(dot.middle.x, dot.middle.y, radius: 3)
        canvas.fill(.white(0.4))
        set(card.room, .regular(25), in: Box(x + 22, 52, width, 44), .white(0.68))
    }

    /// - Returns: how wide it is.
    private mutating func drawMark() -> Double {
        let text = paragraph(words.mark, .semibold(22), width: 420)
        let width = text.width + 70
        let box = Box(Self.width - Self.margin - width, 50, width, 48)
        canvas.rectangle(placed(box), radius: 24)
        canvas.fill(.white(0.10))
        canvas.rectangle(placed(box), radius: 24)
        canvas.stroke(.white(0.28), width: 1.5)
        let star = placed(Box(box.x + 18, box.y, 24, box.height)).middle
        canvas.sparkle(star.x, star.y, radius: 12)
        canvas.fill(Color(0xFFE08A))
        draw(text, in: placed(Box(box.x + 50, box.y, 420, box.height)), .white(0.95))
        return width
    }

    mutating func drawTopic() {
        set(
            card.topic, .bold(84, 72, 64, 56, 50, 44, 39, 34).leading(1.2), in: Self.topicBox, .white(1))
    }

    static let topicBox = Box(margin, 122, width - 2 * margin, 200)
}
