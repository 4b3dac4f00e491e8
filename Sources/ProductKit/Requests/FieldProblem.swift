/// One field of a request that is wrong, and how.
package struct FieldProblem: Sendable, Hashable, Codable, CustomStringConvertible {
    /// As in the request, such as `keywords[2]` or `selectedIdea.title`.
    package let field: String
    /// Completes "The field …"; never repeats the caller's text.
    package let message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }

    package var description: String { "\(field) \(message)" }
}
