import Database

/// Digests, made once per period: on schedule for those who come back now and then (``DigestSchedule``), for the others when
/// they first open them. Nobody who does not come back costs anything.
package struct Digests: Sendable {
    let arena: Arena

    /// Yesterday's, the newest whole day in the owner's zone, or today's so far, which is not kept.
    ///
    /// - Throws: `persona.not_found`.
    package func daily(_ id: PersonaID, today: Bool, of member: Member) async throws -> DailyDigest? {
        try await arena.write { transaction, _ in
            let persona = try Persona.require(id, of: member.id, in: transaction)
            let period = DigestPeriod.day(before: try transaction.instant(), zone: member.timeZone, isToday: today)
            if !today, let known = try DigestBook.daily(persona.id, period, in: transaction) { return known }
            guard let digest = try DigestBook.makeDaily(persona.id, period, in: transaction) else { return nil }
            if !today { try DigestBook.store(digest, of: persona.id, in: transaction) }
            return digest
        }
    }

    /// Last week's.
    package func weekly(of member: Member) async throws -> WeeklyDigest {
        try await arena.write { transaction, _ in
            let period = DigestPeriod.week(before: try transaction.instant(), zone: member.timeZone)
            if let known = try DigestBook.weekly(member.id, period, in: transaction) { return known }
            let digest = try DigestBook.makeWeekly(member.id, period, in: transaction)
            try DigestBook.store(digest, of: member.id, in: transaction)
            return digest
        }
    }
}
