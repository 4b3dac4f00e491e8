/// Percentiles of measured times, by the nearest-rank method.
struct Spread: Sendable {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    var count: Int { sorted.count }

    /// - Parameter share: 0.5 for the median; nil when nothing was measured.
    func percentile(_ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// (Σx)² ÷ (n·Σx²): 1 when all have the same, 1/n when one has everything (Jain, Chiu, Hawe, 1984).
    static func jain(_ shares: [Double]) -> Double {
        let sum = shares.reduce(0, +)
        let squares = shares.reduce(0) { $0 + $1 * $1 }
        return squares == 0 ? 0 : sum * sum / (Double(shares.count) * squares)
    }
}
