/// The workflows that this process knows.
struct WorkflowRegistry: Sendable {
    private let byKind: [JobKind: AnyWorkflow]

    init(_ workflows: [any Workflow]) {
        func erase(_ workflow: some Workflow) -> AnyWorkflow { AnyWorkflow(workflow) }
        byKind = Dictionary(
            workflows.map { erase($0) }.map { ($0.kind, $0) },
            uniquingKeysWith: { one, _ in preconditionFailure("two workflows are named \(one.kind)") })
    }

    var kinds: [JobKind] { byKind.keys.sorted { $0.rawValue < $1.rawValue } }
    func known(_ kind: JobKind) -> AnyWorkflow? { byKind[kind] }
    func workflow(_ kind: JobKind) throws(EngineError) -> AnyWorkflow {
        guard let workflow = byKind[kind] else { throw .unknownKind(kind) }
        return workflow
    }
}
