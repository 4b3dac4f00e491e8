import Database
import Engine
import TestSupport
import Testing

@testable import Arena

@Suite struct `A list that is read page by page` {
    private static let walks: UInt64 = 6

    @Test(arguments: DatabaseFixture.all)
    func `shows what was there all along exactly once and in order, whatever is written meanwhile`(
        _ fixture: DatabaseFixture
    ) async throws {
        try await Lounge.open(fixture) { lounge in
            for (number, list) in PagedList.allCases.enumerated() {
                for seed in 1...Self.walks { try await walk(list, UInt64(number) * 100 + seed, in: lounge) }
            }
        }
    }

    private func walk(_ list: PagedList, _ seed: UInt64, in lounge: Lounge) async throws {
        var chance = EngineChance(seed: seed)
        let shelf = try await list.shelf(Int(seed), in: lounge)
        let before = try await shelf.put(Int.random(in: 4...16, using: &chance), using: &chance)
        let limit = Int.random(in: 1...5, using: &chance)
        // Others write beside the reader, and some surely between two of its pages.
        let other = EngineChance(seed: seed + 1_000)
        async let beside = putBeside(shelf, other)

        let seen = try await read(shelf, by: limit) { _ = try await shelf.put(1, using: &chance) }
        try await beside

        let known = Set(before.map(\.id))
        let shown = seen.filter(known.contains)
        #expect(shown == shelf.sorted(before).map(\.id), "\(list), walk \(seed), pages of \(limit)")
        #expect(Set(seen).count == seen.count, "\(list), walk \(seed), pages of \(limit)")
    }

    /// - Parameter meanwhile: what happens between two pages, of the first dozen.
    private func read(_ shelf: Shelf, by limit: Int, meanwhile: () async throws -> Void) async throws -> [String] {
        var seen: [String] = []
        var cursor: String?
        var pages = 0
        repeat {
            let page = try await shelf.page(PageRequest(limit: limit, cursor: cursor))
            #expect(page.ids.count == limit || page.next == nil)
            seen += page.ids
            cursor = page.next
            pages += 1
            // There are 34 items at most; a page that comes again and again must not be read for ever.
            try #require(pages <= 50, "the list has no end")
            if pages <= 12 { try await meanwhile() }
        } while cursor != nil
        return seen
    }

    private func putBeside(_ shelf: Shelf, _ chance: EngineChance) async throws {
        var chance = chance
        for _ in 0..<6 { _ = try await shelf.put(1, using: &chance) }
    }
}
