import Database
import ProductKit

/// What somebody objects to.
package struct ReportForm: Sendable {
    let targetKind: Reports.TargetKind
    let targetID: String
    let category: Reports.Category
    let comment: String

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> ReportForm {
        var reader = try FieldReader(body: body)
        for field in ["target_kind", "target_id", "category"] where !reader.mentions(field) {
            reader.complain(field, "is missing")
        }
        let kind = reader.choice("target_kind", Reports.TargetKind.self)
        let id = reader.id("target_id", PostID.self)
        let category = reader.choice("category", Reports.Category.self)
        let comment = reader.text("comment", length: 0...1_000, allowsLines: true) ?? ""
        try reader.close()
        guard let kind, let id, let category else {
            throw ArenaError.invalid([FieldProblem("target_id", "is missing")])
        }
        return ReportForm(targetKind: kind, targetID: id.rawValue, category: category, comment: comment)
    }

    func requireTarget(in transaction: borrowing Transaction) throws {
        let query: SQL =
            switch targetKind {
            case .post: "select 1 from posts where id = \(targetID) and status = 'PUBLISHED'"
            case .reply: "select 1 from replies where id = \(targetID) and status = 'VISIBLE'"
            case .persona: "select 1 from personas where id = \(targetID) and status <> 'deleted'"
            }
        guard try transaction.value(query, as: Int.self) != nil else {
            throw ArenaError(.reportTargetNotFound, "There is no such \(targetKind.rawValue).")
        }
    }
}

/// What a moderator decides.
package struct ResolutionForm: Sendable {
    package let action: Reports.Action
    package let reason: String

    /// - Throws: `request.malformed`; `validation.failed`.
    package static func read(_ body: [UInt8]) throws -> ResolutionForm {
        var reader = try FieldReader(body: body)
        if !reader.mentions("action") { reader.complain("action", "is missing") }
        let action = reader.choice("action", Reports.Action.self)
        let reason = reader.required("reason", length: 1...500)
        try reader.close()
        guard let action else { throw ArenaError.invalid([FieldProblem("action", "is missing")]) }
        return ResolutionForm(action: action, reason: reason)
    }
}
