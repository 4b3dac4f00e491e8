import HTTPTypes
import Hummingbird
import Logging

/// One request, as a route reads it.
struct Call: Sendable {
    let request: Request
    let context: WebContext

    var trace: TraceID { context.trace }

    /// A part of the path that the route names in braces.
    func parameter(_ name: String) -> String { context.parameters.get(name) ?? "" }

    func header(_ name: HTTPField.Name) -> String? { request.headers[name] }

    /// Whether the caller has the version of this entity tag already (`If-None-Match`, weak comparison).
    func knows(tag: String) -> Bool {
        let known = header(.ifNoneMatch)?.split(separator: ",").map {
            $0.drop { $0 == " " || $0 == "W" || $0 == "/" }
        }
        return known?.contains { $0 == tag || $0 == "*" } == true
    }

    /// A query parameter; an empty one counts as absent, as an untouched form field sends it.
    func query(_ name: String) -> String? {
        let value = given(name)
        return value?.isEmpty == true ? nil : value
    }

    /// The same, empty or not, for what has no empty value.
    func given(_ name: String) -> String? {
        // Nothing is called by a name with a NUL in it, and no database takes one.
        FormFields(request.uri.query ?? "")[name]?.replacing("\0", with: "\u{FFFD}")
    }

    /// A whole number in the query.
    /// - Throws: ``Problem`` when it is no number or outside the range.
    func query(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws -> Int {
        guard let text = given(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw Problem.badQuery(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// Refuses query parameters that the route does not know: a misspelt filter would otherwise show everything.
    func allowQuery(_ names: String...) throws {
        for (name, _) in FormFields(request.uri.query ?? "").pairs where !names.contains(name) {
            throw Problem.badQuery(String(name.prefix(40)), "is not known; known are \(names.joined(separator: ", ")).")
        }
    }
}
