/// Which model paints, as Replicate names it, and what we always ask of it.
package struct ReplicateModel: Sendable {
    /// `owner/name` for official models, `owner/name:<64 hex>` or `<64 hex>` for a fixed version.
    package var name: String
    /// Further members of `input`, such as `output_format`. Models refuse what they do not know.
    package var input: [String: JSON]

    package init(_ name: String, input: [String: JSON] = [:]) {
        self.name = name
        self.input = input
    }

    /// Official models have an endpoint of their own; everything else goes by version.
    var isOfficial: Bool { name.contains("/") && !name.contains(":") }
}
