import Arena
import Hummingbird

/// `POST /personas/{id}/preview?room_id=`: two sample texts, or an operation when they take long.
struct PersonaPreview: Postable {
    static let path = "/personas/{id}/preview"
    let entrance: ArenaEntrance

    func post(_ call: Call) async throws -> Response {
        let (caller, personas) = (try await entrance.caller(of: call), entrance.arena.personas)
        let id: PersonaID = try call.id(or: .personaNotFound)
        let asked = try await personas.preview(
            id, in: call.given("room_id"), by: caller, traceID: call.trace.description)
        let operation = try await entrance.patience(for: asked, of: caller, call)
        switch operation.status {
        case .done:
            let quota = try await personas.previewQuota(id, of: caller)
            return try .arena(PreviewAnswer(operation: operation, quota: quota))
        case .failed, .cancelled: throw Problem(endOf: operation)
        case .pending, .running: return try .accepted(operation)
        }
    }
}

private struct PreviewAnswer: Encodable {
    struct Draft: Encodable {
        let label: String
        let content: String
        let authoredBy = Authorship.ai
    }
    let drafts: [Draft]
    let partial: Bool
    let quota: QuotaStatus

    init(operation: ModelOperation, quota: QuotaStatus) {
        drafts = operation.texts.map { Draft(label: Authorship.ai.label, content: $0) }
        partial = operation.isPartial
        self.quota = quota
    }

    private enum CodingKeys: String, CodingKey { case drafts, partial, quota }
}
