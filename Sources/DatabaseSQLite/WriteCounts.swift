/// Transactions that committed since the start, and the commits they shared.
public struct WriteCounts: Sendable, Hashable {
    public internal(set) var transactions: Int
    public internal(set) var commits: Int

    mutating func add(_ members: Int) {
        transactions += members
        commits += 1
    }
}
