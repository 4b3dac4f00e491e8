/// Prepared statements of one connection, bounded; the one unused for longest makes room.
package struct StatementCache<Key: Hashable, Statement> {
    private struct Entry {
        let statement: Statement
        var used: UInt64
    }
    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0

    package init(capacity: Int) { self.capacity = capacity }

    package var statements: [Statement] { entries.values.map(\.statement) }

    package subscript(key: Key) -> Statement? {
        mutating get {
            uses += 1
            guard let index = entries.index(forKey: key) else { return nil }
            entries.values[index].used = uses
            return entries.values[index].statement
        }
    }

    /// Keeps the statement and returns the one that has to go.
    package mutating func insert(_ statement: Statement, for key: Key) -> Statement? {
        uses += 1
        entries[key] = Entry(statement: statement, used: uses)
        guard entries.count > capacity, let oldest = entries.min(by: { $0.value.used < $1.value.used })?.key else {
            return nil
        }
        return entries.removeValue(forKey: oldest)?.statement
    }

    package mutating func remove(_ key: Key) -> Statement? { entries.removeValue(forKey: key)?.statement }

    package mutating func removeAll() { entries = [:] }
}
