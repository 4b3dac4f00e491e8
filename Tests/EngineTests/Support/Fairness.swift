/// How equal shares are: 1 when all are the same, 1/n when one has everything (Jain, Chiu, Hawe, 1984).
enum Fairness {
    static func jain(_ shares: [Double]) -> Double {
        let sum = shares.reduce(0, +)
        let squares = shares.map { $0 * $0 }.reduce(0, +)
        return squares == 0 ? 1 : sum * sum / (Double(shares.count) * squares)
    }
}
