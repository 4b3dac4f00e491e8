/// Decides what happens to a request for a card: shown from the shelf, drawn, or made to wait for a drawing that is under
/// way. Pure: it draws nothing and waits for nobody.
struct CardShelf<Waiter> {
    enum Action {
        case show(RenderedCard)
        /// Draw it, then call ``finish(_:with:)``.
        case draw
        /// Somebody draws it already.
        case wait
        case refuse
    }
    private struct Entry {
        let card: RenderedCard
        var lastUse: UInt64
    }
    let cardsMax: Int
    let drawingsMax: Int
    let waitersMax: Int
    private var entries: [BattleCard: Entry] = [:]
    private var drawings: [BattleCard: [Waiter]] = [:]
    private var waiters = 0
    private var uses: UInt64 = 0

    init(cardsMax: Int, drawingsMax: Int, waitersMax: Int) {
        self.cardsMax = cardsMax
        self.drawingsMax = drawingsMax
        self.waitersMax = waitersMax
    }

    var count: Int { entries.count }

    mutating func ask(for card: BattleCard, _ waiter: Waiter) -> Action {
        uses += 1
        if let found = entries[card]?.card {
            entries[card]?.lastUse = uses
            return .show(found)
        }
        guard waiters < waitersMax else { return .refuse }
        let isUnderWay = drawings[card] != nil
        guard isUnderWay || drawings.count < drawingsMax else { return .refuse }
        waiters += 1
        drawings[card, default: []].append(waiter)
        return isUnderWay ? .wait : .draw
    }

    /// Takes a drawing that has ended; nil for one that has failed, which the next request tries again.
    /// - Returns: everybody who waits for it.
    mutating func finish(_ card: BattleCard, with rendered: RenderedCard?) -> [Waiter] {
        guard let waiting = drawings.removeValue(forKey: card) else {
            preconditionFailure("a card was drawn that nobody had asked for")
        }
        waiters -= waiting.count
        if let rendered { put(rendered, as: card) }
        return waiting
    }

    // What was used longest ago makes room; a look at every entry is nothing beside the drawing it follows.
    private mutating func put(_ rendered: RenderedCard, as card: BattleCard) {
        uses += 1
        if entries.count >= cardsMax, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
        }
        entries[card] = Entry(card: rendered, lastUse: uses)
    }
}
