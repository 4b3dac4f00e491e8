import ProductKit
import Providers

extension FieldReader {
    /// The one object of a request's body; no body at all is an empty object.
    ///
    /// - Throws: `request.malformed` when it is no JSON object.
    init(body: [UInt8]) throws(ArenaError) {
        if body.isEmpty {
            self.init([:])
            return
        }
        guard let members = JSON(body)?.object else {
            throw ArenaError(
                .requestMalformed, "The body is not one JSON object.", hint: "Send one JSON object in UTF-8.")
        }
        self.init(members)
    }

    /// An id of ours; a malformed one cannot name anything.
    mutating func id<ID: ArenaIdentifier>(_ field: String, _: ID.Type) -> ID? {
        guard let value = member(field) else { return nil }
        if let id = value.string.flatMap({ ID($0) }) { return id }
        complain(field, "must be an id")
        return nil
    }

    /// Ends the reading.
    ///
    /// - Throws: `validation.failed` with everything that was wrong, and every member that nobody read.
    mutating func close() throws(ArenaError) {
        finish()
        guard problems.isEmpty else { throw ArenaError.invalid(problems) }
    }
}
