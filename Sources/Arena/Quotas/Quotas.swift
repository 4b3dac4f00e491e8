import Database
import Foundation
import ProductKit

/// What a persona may have written for it in a day of its owner's.
package enum QuotaKind: String, Sendable, Codable, CaseIterable, SQLDecodable, SQLEncodable {
    case draft, reply, preview
}

/// One day's use.
package struct QuotaStatus: Sendable, Encodable, Equatable {
    package let kind: QuotaKind
    /// Reserved by work that is under way, and spent.
    package let used: Int
    package let limit: Int
    /// The next midnight in the owner's zone.
    package let resetsAt: Timestamp
}

/// One persona's day.
package struct PersonaQuota: Sendable, Encodable {
    package let personaID: PersonaID
    package let name: String
    package let quotas: [QuotaStatus]

    enum CodingKeys: String, CodingKey {
        case personaID = "personaId"
        case name, quotas
    }
}

package struct Quotas: Sendable {
    let arena: Arena

    /// Today's use of each of the caller's personas.
    package func today(of caller: Member) async throws -> [PersonaQuota] {
        try await arena.read { transaction in
            let day = QuotaDay(at: try transaction.instant(), zone: caller.timeZone)
            let personas: [Persona] = try transaction.all(
                """
                select \(Persona.columns) from personas p
                 where p.user_id = \(caller.id) and p.status <> 'deleted' order by p.created_at, p.id limit 500
                """)
            return try personas.map { persona in
                let used = try Self.used(persona.id, day: day.name, in: transaction)
                return PersonaQuota(
                    personaID: persona.id, name: persona.name,
                    quotas: QuotaKind.allCases.map {
                        QuotaStatus(
                            kind: $0, used: used[$0] ?? 0, limit: persona.quota(of: $0), resetsAt: day.end)
                    })
            }
        }
    }

    /// Reserves one use, or refuses: look and take are one statement, so that two cannot both get the last one.
    ///
    /// - Throws: `quota.exhausted`, which says when the next day begins.
    static func reserve(
        _ kind: QuotaKind, of persona: Persona, day: QuotaDay, in transaction: borrowing Transaction
    ) throws {
        let limit = persona.quota(of: kind)
        let reserved = try transaction.execute(
            """
            insert into quota_uses (persona_id, kind, day, reserved)
            select \(persona.id), \(kind), \(day.name), 1 where \(limit) > 0
            on conflict (persona_id, kind, day) do update set reserved = quota_uses.reserved + 1
             where quota_uses.reserved + quota_uses.spent < \(limit)
            """)
        guard reserved == 1 else {
            let used = try Self.used(persona.id, day: day.name, in: transaction)[kind] ?? limit
            throw ArenaError.exhausted(
                QuotaStatus(kind: kind, used: used, limit: limit, resetsAt: day.end), at: day.now)
        }
    }

    /// What was reserved has been used.
    static func spend(
        _ kind: QuotaKind, of persona: PersonaID, day: String, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            update quota_uses set reserved = reserved - 1, spent = spent + 1
             where persona_id = \(persona) and kind = \(kind) and day = \(day) and reserved > 0
            """)
    }

    /// What was reserved came to nothing.
    static func release(
        _ kind: QuotaKind, of persona: PersonaID, day: String, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            update quota_uses set reserved = reserved - 1
             where persona_id = \(persona) and kind = \(kind) and day = \(day) and reserved > 0
            """)
    }

    static func status(
        _ kind: QuotaKind, of persona: Persona, day: QuotaDay, in transaction: borrowing Transaction
    ) throws -> QuotaStatus {
        QuotaStatus(
            kind: kind, used: try used(persona.id, day: day.name, in: transaction)[kind] ?? 0,
            limit: persona.quota(of: kind), resetsAt: day.end)
    }

    private static func used(
        _ persona: PersonaID, day: String, in transaction: borrowing Transaction
    ) throws -> [QuotaKind: Int] {
        var used: [QuotaKind: Int] = [:]
        try transaction.forEach(
            "select kind, reserved + spent from quota_uses where persona_id = \(persona) and day = \(day)"
        ) { row in
            let (kind, count): (QuotaKind, Int) = (try row[0], try row[1])
            used[kind] = count
        }
        return used
    }
}

/// A day in a zone: what its quotas are counted by.
struct QuotaDay: Sendable {
    let now: Timestamp
    /// Such as `2026-11-21`.
    let name: String
    /// The next midnight; in zones that skip it, the first instant after.
    let end: Timestamp

    init(at now: Timestamp, zone: String) {
        self.now = now
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: now.date)
        let digits = [parts.month ?? 0, parts.day ?? 0].map { $0 < 10 ? "0\($0)" : "\($0)" }
        name = "\(parts.year ?? 0)-\(digits[0])-\(digits[1])"
        let begin = calendar.startOfDay(for: now.date)
        end = Timestamp(calendar.date(byAdding: .day, value: 1, to: begin) ?? now.date.addingTimeInterval(86_400))
    }
}

extension Persona {
    func quota(of kind: QuotaKind) -> Int {
        switch kind {
        case .draft: dailyDraftQuota
        case .reply: dailyReplyQuota
        case .preview: dailyPreviewQuota
        }
    }
}

extension ArenaError {
    static func exhausted(_ status: QuotaStatus, at now: Timestamp) -> ArenaError {
        ArenaError(
            .quotaExhausted, "This persona has used its \(status.limit) \(status.kind.rawValue) uses of today.",
            hint: "The next day begins at \(status.resetsAt).",
            retryAfter: .milliseconds(max(1_000, status.resetsAt.milliseconds - now.milliseconds)), quota: status)
    }
}
