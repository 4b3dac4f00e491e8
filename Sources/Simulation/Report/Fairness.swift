/// Max-min shares, and how near a service came to them.
enum Fairness {
    /// Divides `total` by weight; nobody gets more than is wanted, and what one leaves the others share.
    static func maxMinShares(_ wanted: [String: Double], weights: (String) -> Double, of total: Double) -> [String:
        Double]
    {
        var shares: [String: Double] = [:]
        var left = total
        var weightLeft = wanted.keys.map(weights).reduce(0, +)
        // Whoever wants least for its weight is satisfied first.
        let order = wanted.sorted { ($0.value / weights($0.key), $0.key) < ($1.value / weights($1.key), $1.key) }
        for (name, amount) in order {
            let weight = weights(name)
            let share = min(amount, left * weight / weightLeft)
            shares[name] = share
            left -= share
            weightLeft -= weight
        }
        return shares
    }

    /// Jain's index of the served amounts over the fair ones: 1 when all are served in proportion.
    static func jain(_ served: [String: Double], fair: [String: Double]) -> Double {
        let ratios = fair.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
            served[$0.key, default: 0] / $0.value
        }
        let squares = ratios.map { $0 * $0 }.reduce(0, +)
        guard squares > 0 else { return 0 }
        let sum = ratios.reduce(0, +)
        return sum * sum / (Double(ratios.count) * squares)
    }
}
