import Arena
import HTTPTypes

extension ArenaEntrance {
    /// Waits for work of the model as long as a request may, unless the caller would rather not.
    func patience(for operation: ModelOperation, of caller: Member, _ call: Call) async throws -> ModelOperation {
        let wantsToWait = call.header(.prefer)?.contains("respond-async") != true
        return try await arena.operations.wait(
            for: operation.id, of: caller, patience: wantsToWait ? arena.patience : .zero)
    }
}

extension Problem {
    /// Work that has ended without a result, while its request waited for it.
    init(endOf operation: ModelOperation) {
        self.init(
            .badGateway, code: operation.error?.code ?? "operation.failed",
            detail: operation.error?.message ?? "The text could not be written.", hint: operation.error?.hint,
            members: ["operation_id": .string(operation.id.description)])
    }
}

extension HTTPField.Name {
    static let prefer = Self("Prefer")!
}
