/// A key or password. It cannot be printed by accident: every way of describing it says `‹secret›`.
package struct Secret: Sendable, Hashable {
    /// The text itself. Call only where it leaves for the one who may know it.
    package let exposed: String

    package init(_ text: String) { exposed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "‹secret›" }
    package var debugDescription: String { "‹secret›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
