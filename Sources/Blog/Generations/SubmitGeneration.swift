import Engine
import Foundation
import ProductKit

extension BlogGenerations {
    /// Accepts a request: what this returns is stored, survives every crash, and ends.
    ///
    /// - Parameter idempotencyKey: 1–255 visible ASCII characters. The same key with the same request is answered as the
    ///   first time, for seven days.
    /// - Parameter product: the product itself, for a caller who has it; else it is looked up.
    /// - Throws: `validation.failed`; `idempotency.mismatch`; `queue.full`. Nothing is stored then.
    package func submit(
        _ request: GenerationRequest, for site: Site, idempotencyKey: String? = nil, product: Product? = nil
    ) async throws -> Submitted {
        try check(request, idempotencyKey)
        let entry = try Entry(request, site: site, product: product, key: idempotencyKey)
        return try await refusing { try await intake.take(entry) }
    }

    /// Stores submissions that come at the same moment together, until it is cancelled: one commit for all of them instead
    /// of one for each. Without it each is stored by itself.
    package func takeIn() async { await intake.run() }

    /// A request on its way into the tables.
    struct Entry: Sendable {
        let site: Site
        let request: GenerationRequest
        let brief: Brief
        let requestJSON: String
        let productJSON: String?
        let key: String?

        init(_ request: GenerationRequest, site: Site, product: Product?, key: String?) throws {
            self.site = site
            self.request = request
            self.key = key
            brief = Brief(request, for: site, product: product)
            requestJSON = try StoredJSON.text(request)
            productJSON = try product.map { try StoredJSON.text($0) }
        }

        /// What two requests must share to be the same.
        var fingerprint: String { Sites.hash(requestJSON + "\n" + (productJSON ?? "")) }
    }

    private func check(_ request: GenerationRequest, _ key: String?) throws {
        var problems = request.problems(now: wallClock())
        if let key, !(1...255).contains(key.utf8.count) || !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            problems.append(FieldProblem("Idempotency-Key", "must be 1 to 255 visible ASCII characters"))
        }
        guard problems.isEmpty else { throw BlogError.invalid(problems) }
    }
}
