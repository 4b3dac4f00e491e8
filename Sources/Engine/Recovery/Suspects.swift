import Database

/// Steps that may be what kills their workers.
///
/// A worker that dies takes all its steps with it, and nobody can say which of them did it. So all of them are counted,
/// but only up to the last but one: from then on a step is a suspect, and a worker does one suspect at a time. What
/// kills its worker while it is the only suspect there is set aside; the others were only in bad company. The last
/// crash is counted before it can happen: as the suspect begins.
extension Engine {
    /// How many crashes make a step a suspect. One more, and it is set aside.
    var crashesOfSuspect: Int { max(1, limits.crashesMax - 1) }

    /// Counts a suspect's last crash in advance, unless this worker is doing another suspect.
    ///
    /// Of several that were claimed together all but the last find the others and step back.
    /// - Returns: whether it may begin.
    func beginSuspect(_ step: ClaimedStep) async throws -> Bool {
        try await database.transaction { transaction in
            // One after the other: two that saw each other would both step back.
            try transaction.execute("select id from workers where id = \(self.incarnation) \(.lock(.update))")
            let other: Int? = try transaction.value(
                """
                select 1 from jobs
                 where state = 1 and worker = \(self.incarnation) and crashes >= \(self.crashesOfSuspect)
                   and id <> \(step.job.id) limit 1
                """)
            guard other == nil else { return false }
            try transaction.execute(
                """
                update jobs set crashes = \(self.crashesOfSuspect + 1)
                 where id = \(step.job.id) and \(Self.isHeld(step))
                """)
            return true
        }
    }

    /// Who was there when a worker died is counted, until it is a suspect.
    var crashesOfVictim: SQL { "case when crashes < \(crashesOfSuspect) then crashes + 1 else crashes end" }

    /// A suspect that has come back without killing anybody is still one, but no worse.
    var crashesOfSurvivor: SQL {
        "case when crashes > \(crashesOfSuspect) then \(crashesOfSuspect) else crashes end"
    }
}

extension StepFailure {
    /// Why a suspect that was claimed does not begin.
    static let isSuspect = StepFailure(
        code: "job.suspect", message: "Its worker died repeatedly; such steps are done one at a time.", retry: .backoff)
}
