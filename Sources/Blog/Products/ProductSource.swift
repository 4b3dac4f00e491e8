import Engine

/// Where the products of a site are looked up: a catalogue file now, the site's own store later.
package protocol ProductSource: Sendable {
    /// - Parameter site: the instance id.
    /// - Throws: ``StepFailure`` that says whether to try again; code `product.not_found` when there is none.
    func product(_ id: String, of site: String, deadline: Duration) async throws -> Product
}
