import Testing

@testable import Cards

@Suite struct `The shelf of cards` {
    private func rendered(_ name: String) -> RenderedCard { RenderedCard(png: Array(name.utf8), etag: name) }
    private func shelf(cardsMax: Int = 2, drawingsMax: Int = 2, waitersMax: Int = 4) -> CardShelf<Int> {
        CardShelf(cardsMax: cardsMax, drawingsMax: drawingsMax, waitersMax: waitersMax)
    }

    @Test func `has one drawing for all who ask`() {
        var shelf = shelf()

        #expect(shelf.ask(for: .make(), 1) == .draw)
        #expect(shelf.ask(for: .make(), 2) == .wait)
        #expect(shelf.finish(.make(), with: rendered("a")) == [1, 2])
        #expect(shelf.ask(for: .make(), 3) == .show(rendered("a")))
    }

    @Test func `gives up what was asked for longest ago`() {
        var shelf = shelf()
        for name in ["a", "b"] {
            _ = shelf.ask(for: .make(topic: name), 1)
            _ = shelf.finish(.make(topic: name), with: rendered(name))
        }

        _ = shelf.ask(for: .make(topic: "a"), 1)
        _ = shelf.ask(for: .make(topic: "c"), 1)
        _ = shelf.finish(.make(topic: "c"), with: rendered("c"))

        #expect(shelf.count == 2)
        #expect(shelf.ask(for: .make(topic: "a"), 1) == .show(rendered("a")))
        #expect(shelf.ask(for: .make(topic: "b"), 1) == .draw)
    }

    @Test func `draws again what has failed`() {
        var shelf = shelf()

        _ = shelf.ask(for: .make(), 1)

        #expect(shelf.finish(.make(), with: nil) == [1])
        #expect(shelf.ask(for: .make(), 2) == .draw)
    }

    @Test func `takes no more drawings than it can finish soon, and no more who wait`() {
        var shelf = shelf()

        #expect(shelf.ask(for: .make(topic: "a"), 1) == .draw)
        #expect(shelf.ask(for: .make(topic: "b"), 1) == .draw)
        #expect(shelf.ask(for: .make(topic: "c"), 1) == .refuse)
        #expect(shelf.ask(for: .make(topic: "a"), 1) == .wait)
        #expect(shelf.ask(for: .make(topic: "a"), 1) == .wait)
        #expect(shelf.ask(for: .make(topic: "a"), 1) == .refuse)
    }
}

extension CardShelf.Action: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.show(let one), .show(let other)): one == other
        case (.draw, .draw), (.wait, .wait), (.refuse, .refuse): true
        default: false
        }
    }
}

@Suite struct `Pictures of cards` {
    @Test func `are drawn once for a hundred who ask at the same time`() async throws {
        let pictures = CardPictures()

        let found = try await withThrowingTaskGroup(of: RenderedCard.self) { group in
            for _ in 0..<100 { group.addTask { try await pictures.picture(of: .make()) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(pictures.drawnCount == 1)
        #expect(found.count == 100)
        #expect(found.allSatisfy { $0 == found[0] })
        #expect(found[0].etag == BattleCard.make().etag)
    }

    @Test func `are kept up to a number`() async throws {
        let pictures = CardPictures(cardsMax: 2)

        for topic in ["a", "b", "a", "c", "a", "b"] { _ = try await pictures.picture(of: .make(topic: topic)) }

        #expect(pictures.drawnCount == 4)
    }
}
