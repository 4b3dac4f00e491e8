import Testing

@testable import Limits

@Suite struct `A replica's book` {
    final class Waiter {}
    private let key = LimitKey(policy: .publicRead, subject: "192.0.2.1")

    private func book(_ settings: RateLimiter.Settings = RateLimiter.Settings(), isServed: Bool = true)
        -> LimitBook<Waiter>
    {
        var book = LimitBook<Waiter>(settings)
        if isServed { book.beginServing() }
        return book
    }

    private func admits(_ book: inout LimitBook<Waiter>, at now: Int64) -> Bool? {
        guard case .decided(let decision) = book.ask(key, Waiter(), at: now) else { return nil }
        return decision.isAdmitted
    }

    @Test func `spends a batch without asking again`() throws {
        var book = book()

        #expect(admits(&book, at: 0) == nil)
        #expect(book.takeWishes() == [Wish(key: key, count: 5)])
        let settled = book.settle([key: Grant(granted: 5, left: 115, freeInMilliseconds: 60_000)], at: 1)

        try #require(settled.count == 1)
        #expect(settled[0].decision.isAdmitted)
        #expect(settled[0].decision.remaining == 119)
        for _ in 0..<4 { #expect(admits(&book, at: 2) == true) }
        #expect(admits(&book, at: 2) == nil)
    }

    @Test func `asks once for all who wait, for as many as they are`() {
        var book = book()
        var rings = 0

        for _ in 0..<50 { if case .wait(_, mustRing: true) = book.ask(key, Waiter(), at: 0) { rings += 1 } }

        #expect(rings == 1)
        #expect(book.takeWishes() == [Wish(key: key, count: 50)])
        #expect(book.takeWishes() == nil)
        let settled = book.settle([key: Grant(granted: 30, left: 0, freeInMilliseconds: 9_000)], at: 0)
        #expect(settled.count { $0.decision.isAdmitted } == 30)
        #expect(settled.count == 50)
        #expect(settled.last?.decision.resetAfter == .seconds(9))
    }

    @Test func `does not ask a window that is empty before something comes back to it`() {
        var book = book()
        _ = book.ask(key, Waiter(), at: 0)
        _ = book.takeWishes()
        _ = book.settle([key: Grant(granted: 0, left: 0, freeInMilliseconds: 4_000)], at: 0)

        #expect(admits(&book, at: 3_999) == false)
        #expect(admits(&book, at: 4_000) == nil)
    }

    @Test func `forgets what it has in hand when that has left the window`() {
        var book = book()
        _ = book.ask(key, Waiter(), at: 0)
        _ = book.takeWishes()
        _ = book.settle([key: Grant(granted: 5, left: 115, freeInMilliseconds: 60_000)], at: 0)

        #expect(admits(&book, at: 59_999) == true)
        #expect(admits(&book, at: 60_000) == nil)
    }

    @Test func `never lets through more than the limit, whatever it is given`() {
        var book = book()
        _ = book.ask(key, Waiter(), at: 0)
        _ = book.takeWishes()
        _ = book.settle([key: Grant(granted: 500, left: 500, freeInMilliseconds: 60_000)], at: 0)

        let admitted = (0..<500).count { _ in admits(&book, at: 1) == true }

        #expect(admitted == 119)
    }

    @Test func `decides alone, with half the limit, while nobody asks for it`() {
        var book = book(isServed: false)

        let admitted = (0..<200).count { _ in admits(&book, at: 0) == true }

        #expect(admitted == 60)
        #expect(admits(&book, at: 60_000) == true)
    }

    @Test func `decides alone upon everybody when asking fails, and tries again after a pause`() {
        var book = book()
        for _ in 0..<70 { _ = book.ask(key, Waiter(), at: 0) }
        _ = book.takeWishes()

        let settled = book.fail(at: 0)

        #expect(settled.count { $0.decision.isAdmitted } == 60)
        #expect(book.isAway)
        #expect(admits(&book, at: 999) == false)
        #expect(admits(&book, at: 1_000) == nil, "one waits to see")
        #expect(admits(&book, at: 1_001) == false, "the others do not")
        _ = book.takeWishes()
        let again = book.settle([key: Grant(granted: 5, left: 10, freeInMilliseconds: 1_000)], at: 1_002)
        #expect(again.map(\.decision.isAdmitted) == [true])
        #expect(!book.isAway)
    }

    @Test func `counts what it let through before when it decides alone`() {
        var book = book()
        for _ in 0..<50 { _ = book.ask(key, Waiter(), at: 0) }
        _ = book.takeWishes()
        _ = book.settle([key: Grant(granted: 50, left: 70, freeInMilliseconds: 60_000)], at: 0)
        let waiter = Waiter()
        _ = book.ask(key, waiter, at: 1)
        _ = book.takeWishes()

        let late = book.leave(key, waiter, isLate: true, at: 300)
        let admitted = (0..<100).count { _ in admits(&book, at: 301) == true }

        #expect(late?.isAdmitted == true)
        #expect(admitted == 9)
        #expect(book.leave(key, waiter, isLate: true, at: 302) == nil)
    }

    @Test func `answers everybody when it ends`() {
        var book = book()
        for _ in 0..<3 { _ = book.ask(key, Waiter(), at: 0) }

        #expect(book.endServing(at: 0).count == 3)
        #expect(admits(&book, at: 0) == true)
    }

    @Test func `keeps a bounded memory and a bounded line`() {
        var settings = RateLimiter.Settings()
        settings.keysMax = 100
        settings.waitersMax = 10
        var book = book(settings)

        for number in 0..<1_000 {
            _ = book.ask(LimitKey(policy: .publicRead, subject: "\(number)"), Waiter(), at: 0)
        }

        #expect(book.keyCount <= 100)
        #expect(book.takeWishes()?.count == 10)
        #expect(book.takeWishes() == nil)
    }

    /// Two replicas, one shared window, ten minutes of floods, pauses and trickles: the bounds that `RateLimiter` states.
    @Test(arguments: 1...20) func `keeps with another to the limit in every minute`(_ seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var shared = WindowLog(window: 60_000)
        var books = [book(), book()]
        var admitted: [Int64] = []
        var now: Int64 = 0
        while now < 600_000 {
            let isFlood = Int.random(in: 0..<3, using: &random) > 0
            let steps = Int.random(in: 1...300, using: &random)
            for _ in 0..<steps {
                now +=
                    isFlood ? Int64.random(in: 0...20, using: &random) : Int64.random(in: 100...2_000, using: &random)
                let replica = Int.random(in: 0..<10, using: &random) < seed % 10 ? 0 : 1
                switch books[replica].ask(key, Waiter(), at: now) {
                case .decided(let decision): if decision.isAdmitted { admitted.append(now) }
                case .wait:
                    guard let wish = books[replica].takeWishes()?.first else { continue }
                    let grant = shared.grant(wish.count, limit: 120, at: now)
                    let settled = books[replica].settle([key: grant], at: now)
                    admitted += settled.filter(\.decision.isAdmitted).map { _ in now }
                }
            }
            now += Int64.random(in: 0...30_000, using: &random)
        }
        var start = 0
        for (place, time) in admitted.enumerated() {
            while admitted[start] <= time - 60_000 { start += 1 }
            #expect(place - start + 1 <= 130)
        }
    }
}
