import Dispatch
import Synchronization

/// Pictures of cards: drawn once, kept as long as they are among those asked for last.
///
/// A card is drawn by one thread of its own, never on the cooperative pool, for drawing takes tens of milliseconds of
/// processor. Whoever asks meanwhile for the same card waits for that same drawing.
///
/// Bounds: 256 pictures, about 45 MB at most; 64 cards waiting to be drawn, four seconds' worth; 4,096 requests that wait.
package final class CardPictures: Sendable {
    private typealias Waiter = CheckedContinuation<Result<RenderedCard, CardError>, Never>
    private let shelf: Mutex<CardShelf<Waiter>>
    /// Made for the first card: fonts take megabytes, and many servers draw none.
    private let renderer = Mutex<CardRenderer?>(nil)
    private let queue = DispatchQueue(label: "cards")
    private let drawn = Atomic(0)

    package init(cardsMax: Int = 256) {
        shelf = Mutex(CardShelf(cardsMax: cardsMax, drawingsMax: 64, waitersMax: 4_096))
    }

    /// How many cards have been drawn, and were not found on the shelf.
    package var drawnCount: Int { drawn.load(ordering: .relaxed) }

    /// The picture of a card. Returns at once when it is kept; is not cut short by cancellation otherwise, which the few
    /// seconds of the longest queue bound.
    ///
    /// - Throws: ``CardError``; nothing is kept of a failure.
    package func picture(of card: BattleCard) async throws(CardError) -> RenderedCard {
        let result = await withCheckedContinuation { (continuation: Waiter) in
            switch shelf.withLock({ $0.ask(for: card, continuation) }) {
            case .show(let picture): continuation.resume(returning: .success(picture))
            case .draw: queue.async { self.draw(card) }
            case .wait: break
            case .refuse: continuation.resume(returning: .failure(.busy))
            }
        }
        return try result.get()
    }

    private func draw(_ card: BattleCard) {
        let result = renderer.withLock { renderer in
            let ready = renderer ?? CardRenderer()
            renderer = ready
            return Result { () throws(CardError) in RenderedCard(png: try ready.png(of: card), etag: card.etag) }
        }
        drawn.add(1, ordering: .relaxed)
        let waiters = shelf.withLock { shelf in
            // A failure is told to those who wait and then forgotten.
            shelf.finish(card, with: try? result.get())
        }
        for waiter in waiters { waiter.resume(returning: result) }
    }
}
