import Foundation

/// Sizes in bytes with binary (`KiB`) or decimal (`kB`) units.
enum ByteSize {
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000),
        ("B", 1),
    ]

    /// A number and a unit, in any case; `nil` when there is no unit, it is unknown, or the result is no whole number.
    static func parse(_ text: String) -> Int? {
        for unit in units where text.lowercased().hasSuffix(unit.name.lowercased()) {
            let number = text.dropLast(unit.name.count).trimmingCharacters(in: .whitespaces)
            guard let value = NumberText.parseDecimal(number) else { return nil }
            return Int(exactly: value * Double(unit.bytes))
        }
        return nil
    }

    /// In the largest binary unit that divides it.
    static func text(_ bytes: Int) -> String {
        let binary = units.filter { $0.name.hasSuffix("iB") }
        guard let unit = binary.first(where: { bytes >= $0.bytes && bytes.isMultiple(of: $0.bytes) }) else {
            return "\(bytes)B"
        }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
