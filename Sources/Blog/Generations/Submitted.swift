import Engine

/// The answer to a submission.
package struct Submitted: Sendable, Codable {
    package var id: JobID
    package var status: GenerationStatus
    /// Jobs before it in the fair order of what it waits for; nil when it does not wait in line.
    package var position: Int?
    /// The later end of `eta`.
    package var etaSeconds: Int?
    package var eta: GenerationSummary.Estimate?
    /// This idempotency key was used before for the same request, and this is that answer.
    package var isRepetition: Bool

    private enum CodingKeys: String, CodingKey { case id, status, position, etaSeconds, eta }

    package init(
        id: JobID, status: GenerationStatus, position: Int? = nil, eta: GenerationSummary.Estimate? = nil,
        isRepetition: Bool = false
    ) {
        self.id = id
        self.status = status
        self.position = position
        self.etaSeconds = eta?.latestSeconds
        self.eta = eta
        self.isRepetition = isRepetition
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(JobID.self, forKey: .id)
        status = try members.decode(GenerationStatus.self, forKey: .status)
        position = try members.decodeIfPresent(Int.self, forKey: .position)
        etaSeconds = try members.decodeIfPresent(Int.self, forKey: .etaSeconds)
        eta = try members.decodeIfPresent(GenerationSummary.Estimate.self, forKey: .eta)
        isRepetition = false
    }
}
