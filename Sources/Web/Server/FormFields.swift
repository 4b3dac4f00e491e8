import Foundation

/// Names and values as forms and queries write them: `a=b&c=d%20e`, with `+` for a space.
struct FormFields: Sendable {
    /// In the order in which they were sent.
    let pairs: [(name: String, value: String)]

    init(_ text: String) {
        pairs = text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decoded)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    /// Of fields with one name the last.
    subscript(_ name: String) -> String? { pairs.last { $0.name == name }?.value }

    private static func decoded(_ text: Substring) -> String {
        let spaced = String(text).replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
    }
}
