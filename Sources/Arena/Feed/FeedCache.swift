import Synchronization

/// Pages of feeds, for a quarter of a minute; who comes while one is being read waits for that.
final class FeedCache: Sendable {
    struct Key: Hashable {
        let user: UserID
        let cursor: String?
        let limit: Int
    }

    static let life = Duration.seconds(15)
    static let entriesMax = 4_096

    private enum Entry {
        case reading([CheckedContinuation<Page<FeedItem>?, Never>])
        case known(Page<FeedItem>, age: @Sendable () -> Duration)
    }
    private enum Step {
        case answer(Page<FeedItem>)
        case wait, read
    }
    private let entries = Mutex<[Key: Entry]>([:])

    /// - Parameter read: runs at most once at a time for a key. When it throws, those who waited read for themselves.
    func value(
        for key: Key, on clock: any Clock<Duration>, _ read: () async throws -> Page<FeedItem>
    ) async throws -> Page<FeedItem> {
        switch begin(key) {
        case .answer(let page): return page
        case .wait:
            if let page = await join(key) { return page }
            return try await read()
        case .read:
            do {
                let page = try await read()
                end(key, page, clock)
                return page
            } catch {
                end(key, nil, clock)
                throw error
            }
        }
    }

    private func begin(_ key: Key) -> Step {
        entries.withLock { entries in
            switch entries[key] {
            case .known(let page, let age) where age() < Self.life: return .answer(page)
            case .reading: return .wait
            case .known, nil:
                entries[key] = .reading([])
                return .read
            }
        }
    }

    private func join(_ key: Key) async -> Page<FeedItem>? {
        await withCheckedContinuation { continuation in
            let page = entries.withLock { entries -> Page<FeedItem>?? in
                switch entries[key] {
                case .reading(let waiting):
                    entries[key] = .reading(waiting + [continuation])
                    return nil
                case .known(let page, _): return .some(page)
                case nil: return .some(nil)
                }
            }
            if let page { continuation.resume(returning: page) }
        }
    }

    private func end(_ key: Key, _ page: Page<FeedItem>?, _ clock: some Clock<Duration>) {
        let begin = clock.now
        let waiting = entries.withLock { entries -> [CheckedContinuation<Page<FeedItem>?, Never>] in
            guard case .reading(let waiting) = entries[key] else { return [] }
            entries[key] = page.map { Entry.known($0, age: { begin.duration(to: clock.now) }) }
            if entries.count > Self.entriesMax { Self.forgetOld(&entries) }
            return waiting
        }
        for one in waiting { one.resume(returning: page) }
    }

    /// All that has lived its time; if that is not enough, everything that nobody waits for.
    private static func forgetOld(_ entries: inout [Key: Entry]) {
        func isKept(_ entry: Entry, _ life: Duration) -> Bool {
            guard case .known(_, let age) = entry else { return true }
            return age() < life
        }
        entries = entries.filter { isKept($0.value, life) }
        if entries.count > entriesMax { entries = entries.filter { isKept($0.value, .zero) } }
    }
}
