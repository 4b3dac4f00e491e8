import Crypto
import Database
import Engine
import Foundation

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
        let entry = try Entry(request, site: site, product: product)
        return try await refusing {
            guard let idempotencyKey else {
                let id = try await engine.transaction { try store(entry, in: $0, waking: $1) }
                return try await submitted(id)
            }
            let (answer, isRepetition) = try await engine.transaction { transaction, wakes in
                try engine.once(
                    key: idempotencyKey, of: site.tenant, fingerprint: entry.fingerprint, in: transaction
                ) { transaction in try store(entry, in: transaction, waking: wakes).description }
            }
            guard let id = JobID(answer) else { preconditionFailure("an answer is the id that was stored") }
            return try await answered(id, isRepetition: isRepetition)
        }
    }

    /// A request on its way into the tables.
    struct Entry: Sendable {
        let site: Site
        let request: GenerationRequest
        let brief: Brief
        let requestJSON: String
        let productJSON: String?

        init(_ request: GenerationRequest, site: Site, product: Product?) throws {
            self.site = site
            self.request = request
            brief = Brief(request, for: site, product: product)
            requestJSON = try StoredJSON.text(request)
            productJSON = try product.map { try StoredJSON.text($0) }
        }

        /// What two requests must share to be the same.
        var fingerprint: String { Sites.hash(requestJSON + "\n" + (productJSON ?? "")) }
    }

    /// Stores the row, then the job, in one transaction.
    private func store(_ entry: Entry, in transaction: borrowing Transaction, waking wakes: Wakes) throws -> JobID {
        try engine.requireRoom(in: transaction)
        let id = try engine.newJobID(in: transaction)
        let (request, site) = (entry.request, entry.site)
        let now = try transaction.now()
        let scheduled = request.publishAt.map { Double($0.milliseconds) }
        try transaction.execute(
            """
            insert into blog_generations (id, tenant_id, instance_id, source_type, source_id, status, is_live, request,
                                          product, scheduled_for, created_at, updated_at)
            values (\(id), \(site.tenant), \(site.instanceID), \(request.sourceType), \(request.sourceId),
                    \(GenerationStatus.pending), 1, \(entry.requestJSON), \(entry.productJSON),
                    \(timestamp: scheduled), \(timestamp: now), \(timestamp: now))
            """)
        try engine.enqueue(
            entry.brief, as: BlogGeneration.self, for: site.tenant, id: id, in: transaction, waking: wakes)
        return id
    }

    private func check(_ request: GenerationRequest, _ key: String?) throws {
        var problems = request.problems(now: wallClock())
        if let key, !(1...255).contains(key.utf8.count) || !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            problems.append(FieldProblem("Idempotency-Key", "must be 1 to 255 visible ASCII characters"))
        }
        guard problems.isEmpty else { throw BlogError.invalid(problems) }
    }

    private func submitted(_ id: JobID) async throws -> Submitted {
        let summary = try await summaries(of: [id], in: .allSites).first
        return Submitted(
            id: id, status: summary?.status ?? .pending, position: summary?.waiting?.position, eta: summary?.eta)
    }

    /// The stored answer; the first to come stores it before it is sent.
    private func answered(_ id: JobID, isRepetition: Bool) async throws -> Submitted {
        let stored: String? = try await engine.database.read { transaction in
            try transaction.value("select answer from blog_generations where id = \(id)", as: String?.self) ?? nil
        }
        if let stored {
            var answer: Submitted = try StoredJSON.value(stored)
            answer.isRepetition = isRepetition
            return answer
        }
        let json = try StoredJSON.text(try await submitted(id))
        // Of those who get here at once the first to write is right: everyone reads what it wrote.
        let kept = try await engine.database.transaction { transaction in
            try transaction.execute(
                "update blog_generations set answer = \(json) where id = \(id) and answer is null")
            return try transaction.value("select answer from blog_generations where id = \(id)", as: String.self)
        }
        var answer: Submitted = try StoredJSON.value(kept ?? json)
        answer.isRepetition = isRepetition
        return answer
    }
}
