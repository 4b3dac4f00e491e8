/// Finds the name that was probably meant.
struct NearestName {
    private let names: [String]

    init(among names: [String]) { self.names = names }

    /// The nearest name when a third of its letters or fewer differ, else `nil`. Case, `-` and `_` do not count.
    func match(for text: String) -> String? {
        let wanted = Self.letters(text)
        guard wanted.count <= 64 else { return nil }
        let ranked = names.map { (name: $0, distance: Self.distance(wanted, Self.letters($0))) }
        guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
        return best.distance * 3 <= max(wanted.count, Self.letters(best.name).count) ? best.name : nil
    }

    private static func letters(_ text: String) -> [UInt8] {
        text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// Insertions, deletions and replacements that turn one into the other.
    private static func distance(_ from: [UInt8], _ to: [UInt8]) -> Int {
        var row = Array(0...to.count)
        for (i, letter) in from.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in to.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[to.count]
    }
}
