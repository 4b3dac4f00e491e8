import Database

extension Engine {
    /// Answers a repeated request as the first time.
    ///
    /// Runs `body` and stores its answer under (tenant, key), in the caller's transaction; when the key is stored
    /// already, returns the stored answer and does not run `body`. Keys live for seven days.
    ///
    /// - Parameter fingerprint: a digest of the request; the same key with another one is refused.
    /// - Returns: the answer, and whether it is a repetition.
    /// - Throws: ``EngineError/idempotencyMismatch``, or what `body` throws, and then the key stays free.
    public func once(
        key: String, of tenant: TenantID, fingerprint: String, in transaction: borrowing Transaction,
        _ body: (borrowing Transaction) throws -> String
    ) throws -> (answer: String, isRepetition: Bool) {
        let now = try Int64(transaction.now())
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

/// One of many requests that come with keys of their own.
public struct KeyClaim: Sendable {
    public var tenant: TenantID
    public var key: String
    /// A digest of the request.
    public var fingerprint: String
    /// What is stored if the key is new.
    public var answer: String

    public init(tenant: TenantID, key: String, fingerprint: String, answer: String) {
        self.tenant = tenant
        self.key = key
        self.fingerprint = fingerprint
        self.answer = answer
    }

    fileprivate struct Name: Hashable, Comparable {
        let tenant: TenantID
        let key: String
        static func < (left: Self, right: Self) -> Bool { (left.tenant, left.key) < (right.tenant, right.key) }
    }
    fileprivate var name: Name { Name(tenant: tenant, key: key) }
}

/// What became of a ``KeyClaim``.
public enum KeyOutcome: Sendable, Equatable {
    case isFirst
    /// The request was answered so before.
    case isRepetition(answer: String)
    /// The key was used with another request.
    case isMismatch
}

extension Engine {
    /// The same for many requests at once, in three statements. Of claims of one key the first in order may be the first.
    ///
    /// - Returns: an outcome for each claim, in order.
    public func once(
        _ claims: [KeyClaim], at now: Double, in transaction: borrowing Transaction
    ) throws -> [KeyOutcome] {
        guard !claims.isEmpty else { return [] }
        var stored = Dictionary(claims.map { ($0.name, $0) }) { first, _ in first }
        // Everybody inserts in this order, so that two who insert the same keys do not wait for each other.
        let names = stored.keys.sorted()
        let rows = names.map { name -> [SQLValue] in
            guard let claim = stored[name] else { preconditionFailure("a name is its claim's") }
            return .row(claim.tenant, claim.key, claim.fingerprint, claim.answer)
        }
        var isNew: Set<KeyClaim.Name> = []
        try transaction.forEach(
            """
            insert into idempotency_keys (tenant_id, name, fingerprint, answer, created_at)
            select v.column1, v.column2, v.column3, v.column4, \(Int64(now)) from \(table: rows) where true
            on conflict (tenant_id, name) do nothing
            returning tenant_id, name
            """
        ) { isNew.insert(KeyClaim.Name(tenant: try $0[0], key: try $0[1])) }
        let known = rows.enumerated().filter { !isNew.contains(names[$0.offset]) }.map(\.element)
        if !known.isEmpty {
            try transaction.forEach(
                """
                select k.tenant_id, k.name, k.fingerprint, k.answer
                  from \(table: known) join idempotency_keys k on k.tenant_id = v.column1 and k.name = v.column2
                """
            ) { row in
                let claim = KeyClaim(
                    tenant: try row[0], key: try row[1], fingerprint: try row[2], answer: try row[3])
                stored[claim.name] = claim
            }
        }
        return claims.map { claim in
            if isNew.remove(claim.name) != nil { return .isFirst }
            guard let first = stored[claim.name], first.fingerprint == claim.fingerprint else { return .isMismatch }
            return .isRepetition(answer: first.answer)
        }
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
