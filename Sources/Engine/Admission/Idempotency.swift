import Database

extension Engine {
    /// Answers a repeated request as the first time.
    ///
    /// Runs `body` and stores its answer under (tenant, key), in the caller's transaction; when the key is stored
    /// already, returns the stored answer and does not run `body`. Keys live for seven days.
    ///
    /// - Parameter fingerprint: a digest of the request; the same key with another one is refused.
    /// - Parameter now: as the transaction has read its clock; nil reads it anew.
    /// - Returns: the answer, and whether it is a repetition.
    /// - Throws: ``EngineError/idempotencyMismatch``, or what `body` throws, and then the key stays free.
    public func once(
        key: String, of tenant: TenantID, fingerprint: String, at now: Double? = nil,
        in transaction: borrowing Transaction, _ body: (borrowing Transaction) throws -> String
    ) throws -> (answer: String, isRepetition: Bool) {
        let now = Int64(try now ?? transaction.now())
        // The insert comes first: of two requests at once the second waits here for the first to commit.
        let isFirst = try transaction.execute(
            """
            insert into idempotency_keys (tenant_id, name, fingerprint, answer, created_at)
            values (\(tenant), \(key), \(fingerprint), '', \(now)) on conflict (tenant_id, name) do nothing
            """)
        guard isFirst == 1 else {
            let stored: StoredAnswer? = try transaction.one(
                "select fingerprint, answer from idempotency_keys where tenant_id = \(tenant) and name = \(key)")
            guard let stored, stored.fingerprint == fingerprint else { throw EngineError.idempotencyMismatch }
            return (stored.answer, true)
        }
        let answer: String
        do { answer = try body(transaction) } catch {
            // For a caller that goes on in spite of it. A transaction that has failed as a whole takes the key with it.
            _ = try? transaction.execute("delete from idempotency_keys where tenant_id = \(tenant) and name = \(key)")
            throw error
        }
        try transaction.executeLater(
            "update idempotency_keys set answer = \(answer) where tenant_id = \(tenant) and name = \(key)")
        return (answer, false)
    }
}

private struct StoredAnswer: RowDecodable {
    let fingerprint: String
    let answer: String
    init(_ row: borrowing Row) throws {
        fingerprint = try row[0]
        answer = try row[1]
    }
}
